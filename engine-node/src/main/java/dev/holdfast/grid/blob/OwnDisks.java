package dev.holdfast.grid.blob;

import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.NoSuchBlobException;
import dev.holdfast.journal.blob.StoredBlob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs of a cluster in which each member has a disk of its own. A blob is on two disks before
 * anybody is told that it is kept, and so are its uses. Thread-safe.
 */
final class OwnDisks implements Holders {
  private static final Logger LOG = LoggerFactory.getLogger(OwnDisks.class);

  /** Disks that a blob and its uses are on before an answer. */
  private static final int DISKS = 2;

  /** While members come and go, homes are tried again for so long. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(8).toNanos();

  private static final long PAUSE_MILLIS = 100;
  private static final int REMEMBERED_MAX = 10_000;

  private final BlobStore store;
  private final BlobPeers peers;
  private final Homes homes;

  /** Who had a blob when it was last looked for: only saves questions. */
  private final Map<BlobKey, UUID> lastSeen = new ConcurrentHashMap<>();

  OwnDisks(BlobStore store, BlobPeers peers, Homes homes) {
    this.store = store;
    this.peers = peers;
    this.homes = homes;
  }

  @Override
  public void secure(StoredBlob blob) {
    UUID self = peers.self();
    List<BlobPeers.Item> item = List.of(BlobPeers.Item.of(blob, List.of()));
    var done = new HashSet<UUID>();
    done.add(self);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      Set<UUID> wanted = homes.of(blob.key());
      for (UUID home : wanted) {
        if (!done.contains(home) && isTaken(home, self, item)) {
          done.add(home);
        }
      }
      boolean allHave = wanted.size() == DISKS && done.containsAll(wanted);
      if (allHave && !wanted.contains(self)) {
        // It was only passing through.
        store.drop(blob);
      }
      if (done.size() >= DISKS) {
        return;
      }
      pauseOrGiveUp(deadline, "no second member has taken a copy of blob " + blob.key());
    }
  }

  private boolean isTaken(UUID home, UUID from, List<BlobPeers.Item> item) {
    try {
      return peers.take(home, from, item)[0];
    } catch (StoreException e) {
      LOG.debug("Member {} has not taken blob {}", home, item.getFirst().key(), e);
      return false;
    }
  }

  private static void pauseOrGiveUp(long deadline, String why) {
    if (System.nanoTime() - deadline > 0) {
      throw new StoreException(why);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("the node is shutting down", e);
    }
  }

  @Override
  public Optional<StoredBlob> find(BlobKey key) {
    Optional<StoredBlob> here = store.find(key);
    return here.isPresent() ? here : elsewhere(key);
  }

  /** Asks those first who should have it, then everybody. */
  private Optional<StoredBlob> elsewhere(BlobKey key) {
    var members = new LinkedHashSet<>(homes.of(key));
    members.addAll(peers.others());
    members.remove(peers.self());
    StoreException unanswered = null;
    for (UUID member : members) {
      try {
        Optional<StoredBlob> there = peers.find(member, key);
        if (there.isPresent()) {
          remember(key, member);
          return there;
        }
      } catch (StoreException e) {
        unanswered = e;
      }
    }
    if (unanswered != null) {
      // Who did not answer may be the one that has it.
      throw unanswered;
    }
    return Optional.empty();
  }

  private void remember(BlobKey key, UUID member) {
    if (lastSeen.size() >= REMEMBERED_MAX) {
      lastSeen.clear();
    }
    lastSeen.put(key, member);
  }

  @Override
  public byte[] read(BlobKey key, long from, int most) {
    try {
      return store.read(key, from, most);
    } catch (NoSuchBlobException e) {
      LOG.trace("Blob {} is read from another member", key);
    }
    UUID known = lastSeen.get(key);
    if (known != null) {
      try {
        return peers.read(known, key, from, most);
      } catch (NoSuchBlobException | StoreException e) {
        LOG.debug("Blob {} is looked for anew", key, e);
        lastSeen.remove(key, known);
      }
    }
    UUID holder = elsewhere(key).isPresent() ? lastSeen.get(key) : null;
    if (holder == null) {
      throw new NoSuchBlobException(key);
    }
    return peers.read(holder, key, from, most);
  }

  @Override
  public Set<BlobKey> use(Collection<BlobUse> uses) {
    Map<BlobKey, List<BlobUse>> byBlob = new LinkedHashMap<>();
    uses.forEach(use ->
        byBlob.merge(
            use.blob(),
            List.of(use),
            (a, b) -> {
              var both = new ArrayList<>(a);
              both.addAll(b);
              return both;
            }));
    var missing = new TreeSet<BlobKey>();
    byBlob.forEach((key, ofIt) -> {
      if (!use(key, ofIt)) {
        missing.add(key);
      }
    });
    return missing;
  }

  /** False: nobody has the blob. */
  private boolean use(BlobKey key, List<BlobUse> uses) {
    var since = uses.getFirst().since();
    var unknown = BlobPeers.Item.of(new StoredBlob(key, 0, "", since), uses);
    var noted = new HashSet<UUID>();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      var lacking = new LinkedHashSet<UUID>();
      for (UUID home : homes.of(key)) {
        if (!noted.contains(home)) {
          note(home, unknown, noted, lacking);
        }
      }
      if (!lacking.isEmpty()) {
        Optional<StoredBlob> blob = find(key);
        if (blob.isEmpty()) {
          return false;
        }
        UUID holder = holder(key);
        List<BlobPeers.Item> item = List.of(BlobPeers.Item.of(blob.get(), uses));
        for (UUID home : lacking) {
          if (isTaken(home, holder, item)) {
            noted.add(home);
          }
        }
      }
      if (noted.size() >= DISKS) {
        return true;
      }
      pauseOrGiveUp(deadline, "too few members can note that blob " + key + " is used");
    }
  }

  private void note(UUID home, BlobPeers.Item item, Set<UUID> noted, Set<UUID> lacking) {
    try {
      (peers.use(home, item) ? noted : lacking).add(home);
    } catch (StoreException e) {
      LOG.debug("Member {} has not noted the use of blob {}", home, item.key(), e);
    }
  }

  /** Who has a blob that was just found. */
  private UUID holder(BlobKey key) {
    UUID self = peers.self();
    return store.find(key).isPresent() ? self : lastSeen.getOrDefault(key, self);
  }
}
