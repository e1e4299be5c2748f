package dev.holdfast.client.wire;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.partition.PartitionAware;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Carries a batch of requests to the member that owns the first one's execution, and its replies
 * back.
 */
public final class CommandBatch
    implements Callable<byte[]>,
        PartitionAware<String>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  private @Nullable String key;
  private byte[] requests = new byte[0];
  private transient @Nullable HazelcastInstance member;

  /** For reading from the wire. */
  CommandBatch() {}

  /**
   * @param key the text of an execution's key; null: whichever member it is submitted to
   * @param requests by {@link BatchCodec}
   */
  public CommandBatch(@Nullable String key, byte[] requests) {
    this.key = key;
    this.requests = requests;
  }

  /**
   * Hands the batch to the member's gate.
   *
   * @throws GateClosedException when the member has none: it is starting or shutting down
   */
  @Override
  public byte[] call() {
    HazelcastInstance here = Objects.requireNonNull(member, "runs on a member only");
    if (here.getUserContext().get(Wire.GATE) instanceof MemberGate gate) {
      return gate.handle(requests);
    }
    throw new GateClosedException();
  }

  @Override
  public @Nullable String getPartitionKey() {
    return key;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
    member = hazelcastInstance;
  }

  @Override
  public int getFactoryId() {
    return Wire.FACTORY_ID;
  }

  @Override
  public int getClassId() {
    return WireFactory.COMMAND_BATCH;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(key);
    out.writeByteArray(requests);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    key = in.readString();
    requests = Objects.requireNonNullElse(in.readByteArray(), requests);
  }
}
