package dev.holdfast.journal;

import com.hazelcast.map.MapStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The grid's way to the journal: what the {@code executions} map stores is queued, never written
 * here, since this runs on partition threads. Nothing is read through: what is not in the map has
 * ended or never was, and is looked up in the store by who wants it. What recovery found is loaded
 * once, and let go of.
 */
public final class ExecutionMapStore implements MapStore<String, ExecutionEntry> {
  private final Journal journal;
  private final ConcurrentHashMap<String, ExecutionEntry> recovered;

  /**
   * @param recovered the live executions that the map is to begin with, by their key's text
   */
  public ExecutionMapStore(Journal journal, Map<String, ExecutionEntry> recovered) {
    this.journal = journal;
    this.recovered = new ConcurrentHashMap<>(recovered);
  }

  /** Queues the entry's events, once, however often Hazelcast stores it. */
  @Override
  public void store(String key, ExecutionEntry value) {
    if (value.last().submit()) {
      journal.append(value.last());
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
    return recovered.isEmpty() ? null : recovered.remove(key);
  }

  @Override
  public Map<String, ExecutionEntry> loadAll(Collection<String> keys) {
    var loaded = HashMap.<String, ExecutionEntry>newHashMap(keys.size());
    for (String key : keys) {
      ExecutionEntry entry = recovered.remove(key);
      if (entry != null) {
        loaded.put(key, entry);
      }
    }
    return loaded;
  }

  @Override
  public Iterable<String> loadAllKeys() {
    return List.copyOf(recovered.keySet());
  }
}
