package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.LifecycleEvent.LifecycleState;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.journal.ChainStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a parent's owner did not get to say to a child any more, its next owner says at once. */
class LostWordsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Children ask by themselves once they have been quiet for ten seconds, each in its turn. */
  private static final Duration SOON = Duration.ofSeconds(8);

  /** Until what has come to members as the cluster opened has been gone through once more. */
  private static final Duration LOOKED_AT = Duration.ofSeconds(4);

  private static final int PARENT = 1;
  private static final int CHILD = 2;
  private static final int OTHER = 0;

  private final CountDownLatch open = new CountDownLatch(1);
  private final List<String> ids = new ArrayList<>();
  private volatile int held = -1;
  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new TestCluster(3, this::store);
    cluster.register("child", "{name: child, tasks: {work: {agent: nobody}}}");
    cluster.register("parent", "{name: parent, tasks: {x: {workflow: child}}}");
    while (ids.size() < 4) {
      String id = cluster.idOwnedBy(PARENT);
      if (isBackedUp(id, OTHER) && cluster.ownerOf(id + "/x") == CHILD) {
        assertThat(cluster.start(OTHER, "parent", id, null)).isInstanceOf(Outcome.Done.class);
        ids.add(id);
      }
    }
    awaitChildren(ExecutionStatus.RUNNING, PATIENCE);
  }

  @AfterEach
  void stop() {
    open.countDown();
    cluster.close();
  }

  private boolean isBackedUp(String execution, int place) {
    var replicas = new Replicas(cluster.member(place).hazelcast());
    return replicas.isBackedUpHere(replicas.partitionOf(TestMember.key(execution).text()));
  }

  /** One that commits nothing while its place is held. */
  private ChainStore store(int place) {
    var store = new MemoryStateStore();
    return (ChainStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ChainStore.class},
            (proxy, method, arguments) -> {
              if (held == place && method.getName().equals("append")) {
                open.await();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void awaitChildren(ExecutionStatus status, Duration atMost) {
    await()
        .atMost(atMost)
        .until(() ->
            ids.stream()
                .allMatch(id ->
                    cluster
                        .member(OTHER)
                        .find(TestMember.key(id + "/x"))
                        .filter(child -> child.status() == status)
                        .isPresent()));
  }

  private static Command cancel() {
    return new Command.CancelExecution("c1", "ann", null);
  }

  @Test
  void cancellationReachesChildrenOfParentsWhoseOwnerDiedBeforeItTold() {
    await().pollDelay(LOOKED_AT).until(() -> true);
    GridEngine owner = cluster.member(PARENT);
    // It hears that its journal has written the events only when nobody can be told any more.
    held = PARENT;
    owner
        .hazelcast()
        .getLifecycleService()
        .addLifecycleListener(change -> {
          if (change.getState() == LifecycleState.SHUTDOWN) {
            open.countDown();
          }
        });
    ids.forEach(id -> owner.submit(TestMember.key(id), cancel()));
    await().atMost(PATIENCE).until(() -> ids.stream().allMatch(this::isCancelledOnTheOtherDisk));
    cluster.kill(PARENT);
    awaitChildren(ExecutionStatus.CANCELLED, SOON);
  }

  private boolean isCancelledOnTheOtherDisk(String id) {
    return cluster.member(OTHER).store().history(TestMember.key(id), 0, 100).stream()
        .anyMatch(item -> item.event() instanceof Event.ExecutionCancelled);
  }

  @Test
  void parentStaysInMemoryUntilItsChildHasHeardOfItsEnd() {
    String id = ids.getFirst();
    held = CHILD;
    assertThat(cluster.submit(OTHER, id, cancel())).isInstanceOf(Outcome.Done.class);
    await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> isInMemory(id));
    open.countDown();
    await().atMost(PATIENCE).until(() -> !isInMemory(id));
    assertThat(cluster.member(OTHER).find(TestMember.key(id + "/x")).orElseThrow().status())
        .isEqualTo(ExecutionStatus.CANCELLED);
  }

  private boolean isInMemory(String id) {
    return cluster
        .member(PARENT)
        .hazelcast()
        .getMap(MemberConfig.EXECUTIONS)
        .containsKey(TestMember.key(id).text());
  }
}
