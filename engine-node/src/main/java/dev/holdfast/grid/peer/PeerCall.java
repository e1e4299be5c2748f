package dev.holdfast.grid.peer;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.partition.PartitionAware;
import java.io.IOException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A question on its way to a member, and the answer back. */
public final class PeerCall
    implements Callable<byte[]>,
        PartitionAware<String>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  /** Of {@link #create}; the client's wire and the grid's own values have others. */
  public static final int FACTORY_ID = 4102;

  private static final int CLASS_ID = 1;

  private int op;
  private @Nullable String key;
  private UUID from = new UUID(0, 0);
  private byte[] body = {};
  private transient @Nullable HazelcastInstance member;

  private PeerCall() {}

  PeerCall(PeerOp op, @Nullable String key, UUID from, byte[] body) {
    this.op = op.code();
    this.key = key;
    this.from = from;
    this.body = body;
  }

  /** For the serialisation's configuration. */
  public static IdentifiedDataSerializable create(int classId) {
    if (classId == CLASS_ID) {
      return new PeerCall();
    }
    throw new IllegalArgumentException("no class " + classId);
  }

  @Override
  public byte[] call() {
    HazelcastInstance here = Objects.requireNonNull(member, "runs on a member only");
    return Peers.on(here).handle(PeerOp.of(op), from, body);
  }

  @Override
  public @Nullable String getPartitionKey() {
    return key;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    member = instance;
  }

  @Override
  public int getFactoryId() {
    return FACTORY_ID;
  }

  @Override
  public int getClassId() {
    return CLASS_ID;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeInt(op);
    out.writeString(key);
    out.writeLong(from.getMostSignificantBits());
    out.writeLong(from.getLeastSignificantBits());
    out.writeByteArray(body);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    op = in.readInt();
    key = in.readString();
    from = new UUID(in.readLong(), in.readLong());
    body = Objects.requireNonNullElse(in.readByteArray(), body);
  }
}
