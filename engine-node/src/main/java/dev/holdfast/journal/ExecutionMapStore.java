package dev.holdfast.journal;

import com.hazelcast.map.MapStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The grid's way to the journal: what the {@code executions} map stores is queued, never written
 * here, since this runs on partition threads. Nothing is read this way: what recovery found the
 * member installs itself, since Hazelcast would serialise each value that a map store loads; and
 * what is not in the map has ended or never was, and is looked up in the store by who wants it.
 */
public final class ExecutionMapStore implements MapStore<String, ExecutionEntry> {
  private volatile @Nullable Journal journal;

  /** Where entries go; before anything is stored. */
  public void use(Journal started) {
    journal = started;
  }

  /** Queues the entry's events, once, however often Hazelcast stores it. */
  @Override
  public void store(String key, ExecutionEntry value) {
    Journal here = journal;
    if (here == null) {
      throw new IllegalStateException("the member is starting");
    }
    if (value.last().submit()) {
      here.append(value.last());
    }
  }

  @Override
  public void storeAll(Map<String, ExecutionEntry> entries) {
    entries.forEach(this::store);
  }

  /** Does nothing: an execution leaves the map when it has ended, and the store keeps it. */
  @Override
  public void delete(String key) {}

  @Override
  public void deleteAll(Collection<String> keys) {}

  @Override
  public @Nullable ExecutionEntry load(String key) {
    return null;
  }

  @Override
  public Map<String, ExecutionEntry> loadAll(Collection<String> keys) {
    return Map.of();
  }

  @Override
  public Iterable<String> loadAllKeys() {
    return List.of();
  }
}
