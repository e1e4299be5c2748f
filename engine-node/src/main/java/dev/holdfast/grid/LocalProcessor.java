package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import dev.holdfast.journal.ExecutionEntry;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import org.jspecify.annotations.Nullable;

/**
 * A processor that runs on the member that it was made on and gives its own answer. Where the
 * partition has gone to another member in the meantime it fails instead of travelling there.
 */
abstract class LocalProcessor implements EntryProcessor<String, ExecutionEntry, Void> {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return null;
  }

  /** Called by the serialisation. */
  protected final Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException(
        getClass().getSimpleName() + " runs on the member that owns the key and never travels");
  }
}
