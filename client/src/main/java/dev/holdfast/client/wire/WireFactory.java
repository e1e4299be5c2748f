package dev.holdfast.client.wire;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** Makes what the client and a member send each other; both sides' configurations name it. */
public final class WireFactory implements DataSerializableFactory {
  static final int COMMAND_BATCH = 1;
  static final int BLOB_CALL = 2;

  @Override
  public IdentifiedDataSerializable create(int typeId) {
    if (typeId == COMMAND_BATCH) {
      return new CommandBatch();
    }
    if (typeId == BLOB_CALL) {
      return new BlobCall();
    }
    throw new IllegalArgumentException("no type " + typeId + " in factory " + Wire.FACTORY_ID);
  }
}
