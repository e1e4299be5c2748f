package dev.holdfast.client.wire;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.partition.PartitionAware;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Carries a batch of requests to the member that owns the first one's execution, and its replies
 * back.
 */
public final class CommandBatch extends GateCall implements PartitionAware<String> {
  private @Nullable String key;

  /** For reading from the wire. */
  CommandBatch() {
    this(null, new byte[0]);
  }

  /**
   * @param key the text of an execution's key; null: whichever member it is submitted to
   * @param requests by {@link BatchCodec}
   */
  public CommandBatch(@Nullable String key, byte[] requests) {
    super(Wire.GATE, WireFactory.COMMAND_BATCH, requests);
    this.key = key;
  }

  @Override
  public @Nullable String getPartitionKey() {
    return key;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(key);
    super.writeData(out);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    key = in.readString();
    super.readData(in);
  }
}
