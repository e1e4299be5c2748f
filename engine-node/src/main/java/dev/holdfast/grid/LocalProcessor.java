package dev.holdfast.grid;

import com.hazelcast.map.EntryProcessor;
import java.io.Serial;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * A processor that runs on the member that it was made on and gives its own answer. Where the
 * partition has gone to another member in the meantime, what travels there only says so: its caller
 * gets a {@link MovedException}.
 *
 * @param <V> the map's values
 */
public abstract class LocalProcessor<V> implements EntryProcessor<String, V, Void> {
  private static final long serialVersionUID = 1L;

  /**
   * What arrives at another member. (Refusing to be serialised would not do: Hazelcast drops that
   * exception when it sends an operation anew, and nobody ever hears of the operation.)
   */
  private static final class Strayed<V> implements EntryProcessor<String, V, Void> {
    private static final long serialVersionUID = 1L;

    private final String name;

    Strayed(String name) {
      this.name = name;
    }

    @Override
    public @Nullable Void process(Entry<String, V> slot) {
      throw new MovedException(name + " runs on the member that it comes from, not on this one");
    }

    @Override
    public @Nullable EntryProcessor<String, V, Void> getBackupProcessor() {
      return null;
    }
  }

  @Override
  public @Nullable EntryProcessor<String, V, Void> getBackupProcessor() {
    return null;
  }

  /** Called by the serialisation. */
  @Serial
  protected final Object writeReplace() {
    return new Strayed<V>(getClass().getSimpleName());
  }
}
