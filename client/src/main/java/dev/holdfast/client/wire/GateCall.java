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

/** Carries bytes to one of the gates of the member that it is submitted to, and an answer back. */
abstract class GateCall
    implements Callable<byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
  private final String gate;
  private final int classId;
  private byte[] body;
  private transient @Nullable HazelcastInstance member;

  /**
   * @param gate what the member's context has the gate under
   * @param classId of the subclass, in {@link WireFactory}
   * @param body replaced by what is read from the wire
   */
  GateCall(String gate, int classId, byte[] body) {
    this.gate = gate;
    this.classId = classId;
    this.body = body;
  }

  /**
   * Hands the bytes to the member's gate.
   *
   * @throws GateClosedException when the member has none: it is starting or shutting down
   */
  @Override
  public final byte[] call() {
    HazelcastInstance here = Objects.requireNonNull(member, "runs on a member only");
    if (here.getUserContext().get(gate) instanceof MemberGate open) {
      return open.handle(body);
    }
    throw new GateClosedException();
  }

  @Override
  public final void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
    member = hazelcastInstance;
  }

  @Override
  public final int getFactoryId() {
    return Wire.FACTORY_ID;
  }

  @Override
  public final int getClassId() {
    return classId;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeByteArray(body);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    body = Objects.requireNonNullElse(in.readByteArray(), body);
  }
}
