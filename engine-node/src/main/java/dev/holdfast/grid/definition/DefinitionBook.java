package dev.holdfast.grid.definition;

import dev.holdfast.grid.Definitions.Registration;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoredDefinition;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;

/** The definitions that this member's store has, all in memory. Thread-safe. */
public final class DefinitionBook {
  private final StateStore store;
  private final Map<Name, NavigableMap<Integer, StoredDefinition>> versions =
      new ConcurrentHashMap<>();

  /** Reads what the store has. */
  public DefinitionBook(StateStore store) {
    this.store = store;
    store.definitions().forEach(this::enter);
  }

  private record Name(String tenant, String name) {}

  private void enter(StoredDefinition definition) {
    versions
        .computeIfAbsent(
            new Name(definition.tenant(), definition.name()), name -> new ConcurrentSkipListMap<>())
        .put(definition.version(), definition);
  }

  /**
   * Adds a definition under the next version, unless one of its versions has this digest.
   *
   * @param definition makes it, given its version
   */
  public synchronized Registration add(
      String tenant, String name, String digest, IntFunction<StoredDefinition> definition) {
    Optional<StoredDefinition> same =
        all(tenant, name).values().stream().filter(d -> d.digest().equals(digest)).findFirst();
    if (same.isPresent()) {
      return new Registration(same.get(), false);
    }
    StoredDefinition added = definition.apply(newest(tenant, name) + 1);
    keep(added);
    return new Registration(added, true);
  }

  /** Keeps a definition, durable on return; does nothing when there is one of this key. */
  public synchronized void keep(StoredDefinition definition) {
    if (!all(definition.tenant(), definition.name()).containsKey(definition.version())) {
      store.putDefinition(definition);
      enter(definition);
    }
  }

  /** One version. */
  public Optional<StoredDefinition> find(DefinitionKey key) {
    return Optional.ofNullable(all(key.tenant(), key.name()).get(key.version()));
  }

  /** The highest version; 0: there is none. */
  public int newest(String tenant, String name) {
    var all = all(tenant, name);
    return all.isEmpty() ? 0 : all.lastKey();
  }

  /** Names that the tenant has. */
  public List<String> names(String tenant) {
    return versions.keySet().stream()
        .filter(name -> name.tenant().equals(tenant))
        .map(Name::name)
        .toList();
  }

  /** Every definition, oldest version first. */
  List<StoredDefinition> all() {
    return versions.values().stream().map(Map::values).flatMap(Collection::stream).toList();
  }

  /** The versions of one definition. */
  NavigableMap<Integer, StoredDefinition> all(String tenant, String name) {
    return versions.getOrDefault(new Name(tenant, name), Collections.emptyNavigableMap());
  }
}
