package dev.holdfast.grid;

import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.core.LifecycleListener;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.internal.partition.MigrationInfo;
import com.hazelcast.internal.partition.impl.InternalPartitionServiceImpl;
import com.hazelcast.internal.partition.impl.MigrationInterceptor;
import com.hazelcast.internal.partition.operation.PromotionCommitOperation;
import com.hazelcast.spi.impl.operationexecutor.OperationRunner;
import com.hazelcast.spi.impl.operationservice.OperationAccessor;
import com.hazelcast.spi.impl.operationservice.impl.Invocation;
import com.hazelcast.spi.impl.operationservice.impl.OperationServiceImpl;
import java.util.Collection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Has Hazelcast carry the promotion of backups to its end once it has begun. In 5.7 that is one
 * operation in three steps, and each is refused when it begins later than the time after which a
 * member without heartbeats is given up, counted from the first: five seconds here, a minute by
 * default. What is refused keeps the permit of which a member has one, and its partitions are never
 * promoted, nor can the member join others again: "Another promotion is being run currently", for
 * ever. A member that was suspended, on a machine with much to do, is that slow.
 */
final class Promotions implements LifecycleListener, HazelcastInstanceAware, MigrationInterceptor {
  /** Hazelcast's word for: at any time. */
  private static final long NEVER_LATE = Long.MAX_VALUE;

  private @Nullable HazelcastInstanceImpl member;

  private Promotions() {}

  /** Adds what it needs to a member's configuration. */
  static void configure(Config config) {
    config.addListenerConfig(new ListenerConfig(new Promotions()));
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    if (!(instance instanceof HazelcastInstanceImpl here)) {
      throw new IllegalArgumentException("not a member: " + instance);
    }
    member = here;
  }

  private HazelcastInstanceImpl member() {
    return Objects.requireNonNull(member, "known before the start");
  }

  @Override
  public void stateChanged(LifecycleEvent event) {
    if (event.getState() == LifecycleState.STARTING
        && member().node.getPartitionService() instanceof InternalPartitionServiceImpl partitions) {
      partitions.setMigrationInterceptor(this);
    }
  }

  /** Within the first step, on the thread that runs it. */
  @Override
  public void onPromotionStart(
      MigrationParticipant participant, Collection<MigrationInfo> promotions) {
    OperationServiceImpl operations = member().node.getNodeEngine().getOperationService();
    // Of another member's it is what a thread for operations runs; the master's own runs elsewhere.
    for (OperationRunner runner : operations.getOperationExecutor().getGenericOperationRunners()) {
      neverLate(runner.currentTask());
    }
    for (Invocation<?> invocation : operations.getInvocationRegistry()) {
      neverLate(invocation.op);
    }
  }

  private static void neverLate(@Nullable Object task) {
    if (task instanceof PromotionCommitOperation promotion) {
      OperationAccessor.setCallTimeout(promotion, NEVER_LATE);
    }
  }
}
