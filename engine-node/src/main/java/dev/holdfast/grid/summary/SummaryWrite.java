package dev.holdfast.grid.summary;

import com.hazelcast.map.ExtendedMapEntry;
import dev.holdfast.grid.LocalProcessor;
import java.time.Duration;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes many rows, each on its partition's thread. It never travels: where a partition has gone to
 * another member meanwhile, it fails there, so that a member can't overwrite what its successor
 * wrote.
 */
final class SummaryWrite extends LocalProcessor<Summary> {
  private static final long serialVersionUID = 1L;

  /** An ended execution's row goes by itself after so long, whoever wrote it. */
  static final Duration ENDED_STAY = Duration.ofHours(1);

  private static final long FOR_EVER = 0;

  private final transient Map<String, Optional<Summary>> rows;

  /**
   * @param rows by key; where there is none, the row is removed if it is of an ended execution
   */
  SummaryWrite(Map<String, Optional<Summary>> rows) {
    this.rows = rows;
  }

  @Override
  public @Nullable Void process(Entry<String, Summary> slot) {
    Summary row = rows.getOrDefault(slot.getKey(), Optional.empty()).orElse(null);
    if (row == null) {
      Summary known = slot.getValue();
      if (known != null && known.endedAt() != null) {
        slot.setValue(null);
      }
    } else if (slot instanceof ExtendedMapEntry<String, Summary> extended) {
      long seconds = row.endedAt() == null ? FOR_EVER : ENDED_STAY.toSeconds();
      extended.setValue(row, seconds, TimeUnit.SECONDS);
    } else {
      throw new IllegalStateException("an entry of a map without expiry");
    }
    return null;
  }
}
