package dev.holdfast.grid.definition;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastJsonValue;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import dev.holdfast.grid.Definitions.Registration;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.StoredDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The definitions of all members: a map with one entry a version, and one a name ({@link Versions})
 * that says which versions there are. Whoever writes a version's entry first has its number; the
 * list is written last, by compare and set, so a version that is not in it does not exist yet. No
 * lock is taken: one that was taken by a member that was then cut off would never be given back.
 * Thread-safe.
 */
public final class DefinitionShare {
  private static final Logger LOG = LoggerFactory.getLogger(DefinitionShare.class);

  /** How long a starting member waits for the others to take what it has. */
  private static final long JOIN_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(2);

  private static final long JOIN_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final IMap<String, HazelcastJsonValue> map;
  private final DefinitionBook book;
  private final Map<String, Listed> listed = new ConcurrentHashMap<>();

  /** Spares every start of an execution the reading of JSON. */
  private record Listed(HazelcastJsonValue json, int newest) {}

  private DefinitionShare(IMap<String, HazelcastJsonValue> map, DefinitionBook book) {
    this.map = map;
    this.book = book;
  }

  /** Puts in what this member has, and keeps in its store what the others have and will add. */
  public static DefinitionShare join(IMap<String, HazelcastJsonValue> map, DefinitionBook book) {
    var share = new DefinitionShare(map, book);
    EntryAddedListener<String, HazelcastJsonValue> listener =
        event -> share.takeOver(event.getKey(), event.getValue());
    map.addEntryListener(listener, true);
    share.exchangeWhenPossible();
    return share;
  }

  /**
   * Members that come and go while this one starts, or a quorum that is not there yet, are no
   * reason to give up.
   */
  private void exchangeWhenPossible() {
    long deadline = System.nanoTime() + JOIN_WITHIN_NANOS;
    while (true) {
      try {
        exchange();
        return;
      } catch (HazelcastException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        LOG.info("definitions can't be exchanged at the moment: {}", e.getMessage());
        LockSupport.parkNanos(JOIN_AGAIN_NANOS);
      }
    }
  }

  /** Puts in what this member has and the map lacks, and keeps what it lacks itself. */
  public void exchange() {
    book.all().forEach(this::contribute);
    map.forEach(this::takeOver);
  }

  private void contribute(StoredDefinition definition) {
    String name = name(definition.tenant(), definition.name());
    if (Versions.of(map.get(name)).digestOf(definition.version()) == null
        && claim(name, definition)) {
      list(name, definition);
    }
    String known = Versions.of(map.get(name)).digestOf(definition.version());
    if (known != null && !known.equals(definition.digest())) {
      LOG.error(
          "definition {} version {} in this member's store is not the cluster's; the cluster's"
              + " holds",
          name,
          definition.version());
    }
  }

  /** Makes it the version that its number says, unless another is. */
  private boolean claim(String name, StoredDefinition definition) {
    HazelcastJsonValue before =
        map.putIfAbsent(name + '/' + definition.version(), DefinitionJson.write(definition));
    return before == null || DefinitionJson.read(before).digest().equals(definition.digest());
  }

  /** From here on the version exists. */
  private void list(String name, StoredDefinition definition) {
    while (true) {
      HazelcastJsonValue json = map.get(name);
      Versions versions = Versions.of(json);
      if (versions.digestOf(definition.version()) != null) {
        return;
      }
      HazelcastJsonValue more = versions.with(definition.version(), definition.digest()).json();
      if (json == null ? map.putIfAbsent(name, more) == null : map.replace(name, json, more)) {
        return;
      }
    }
  }

  private void takeOver(String key, HazelcastJsonValue value) {
    if (key.indexOf('/') == key.lastIndexOf('/')) {
      return;
    }
    try {
      book.keep(DefinitionJson.read(value));
    } catch (StoreException e) {
      LOG.error("definition {} of another member can't be kept here", key, e);
    }
  }

  /** Like {@link DefinitionBook#add}, with versions that are the cluster's. */
  public Registration add(
      String tenant, String name, String digest, IntFunction<StoredDefinition> definition) {
    String key = name(tenant, name);
    book.all(tenant, name).values().forEach(this::contribute);
    while (true) {
      Versions versions = withUnfinished(key, Versions.of(map.get(key)));
      int same = versions.versionOf(digest);
      if (same > 0) {
        return new Registration(existing(new DefinitionKey(tenant, name, same)), false);
      }
      StoredDefinition added = definition.apply(versions.newest() + 1);
      if (map.putIfAbsent(key + '/' + added.version(), DefinitionJson.write(added)) == null) {
        book.keep(added);
        list(key, added);
        return new Registration(added, true);
      }
    }
  }

  /** A member that died between the two writes leaves a version that is not listed: list it. */
  private Versions withUnfinished(String name, Versions versions) {
    HazelcastJsonValue next = map.get(name + '/' + (versions.newest() + 1));
    if (next == null) {
      return versions;
    }
    StoredDefinition definition = DefinitionJson.read(next);
    book.keep(definition);
    list(name, definition);
    return withUnfinished(name, Versions.of(map.get(name)));
  }

  private StoredDefinition existing(DefinitionKey key) {
    return find(key)
        .orElseThrow(() -> new StoreException("definition " + key.text() + " has been lost"));
  }

  /** One version. */
  public Optional<StoredDefinition> find(DefinitionKey key) {
    return Optional.ofNullable(get(key.text())).map(DefinitionJson::read);
  }

  /** The highest version; 0: there is none. */
  public int newest(String tenant, String name) {
    String key = name(tenant, name);
    HazelcastJsonValue json = map.get(key);
    if (json == null) {
      // The grid can lose what every member's store still has; the next registration puts it back.
      return book.newest(tenant, name);
    }
    Listed known = listed.get(key);
    if (known == null || !known.json().equals(json)) {
      known = new Listed(json, Versions.of(json).newest());
      listed.put(key, known);
    }
    return known.newest();
  }

  /** Names that the tenant has, in no order. */
  public List<String> names(String tenant) {
    var shared =
        map.keySet().stream()
            .filter(key -> key.startsWith(tenant + '/'))
            .map(key -> key.substring(tenant.length() + 1))
            .filter(name -> name.indexOf('/') < 0);
    return Stream.concat(shared, book.names(tenant).stream()).distinct().toList();
  }

  /**
   * A partition's thread may not wait for another partition, and Hazelcast refuses it; but there
   * the copy on this member answers without waiting, in all but the moments of a migration.
   */
  private @Nullable HazelcastJsonValue get(String key) {
    try {
      return map.get(key);
    } catch (IllegalThreadStateException e) {
      throw new StoreException("definition " + key + " is not on this member yet", e);
    }
  }

  private static String name(String tenant, String name) {
    return tenant + '/' + name;
  }
}
