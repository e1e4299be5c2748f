package dev.holdfast.client.wire;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Carries a {@link BlobQuestion} to the member that it is submitted to, and its answer back. */
public final class BlobCall
    implements Callable<byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
  private byte[] question = new byte[0];
  private transient @Nullable HazelcastInstance member;

  /** For reading from the wire. */
  BlobCall() {}

  public BlobCall(BlobQuestion question) {
    this.question = question.encode();
  }

  /**
   * Hands the question to the member's gate.
   *
   * @throws GateClosedException when the member has none: it is starting or shutting down
   */
  @Override
  public byte[] call() {
    HazelcastInstance here = Objects.requireNonNull(member, "runs on a member only");
    if (here.getUserContext().get(Wire.BLOB_GATE) instanceof MemberGate gate) {
      return gate.handle(question);
    }
    throw new GateClosedException();
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
    return WireFactory.BLOB_CALL;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeByteArray(question);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    question = Objects.requireNonNullElse(in.readByteArray(), question);
  }
}
