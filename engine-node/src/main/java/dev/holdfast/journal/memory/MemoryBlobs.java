package dev.holdfast.journal.memory;

import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUpload;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.NoSuchBlobException;
import dev.holdfast.journal.blob.StoredBlob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keeps blobs in memory, for as long as the process lasts. */
final class MemoryBlobs implements BlobStore {
  /**
   * @param uses by execution, since when
   */
  private record Kept(StoredBlob blob, List<byte[]> pieces, NavigableMap<String, Instant> uses) {
    Kept touched(Instant at) {
      Instant later = at.isAfter(blob.touchedAt()) ? at : blob.touchedAt();
      return new Kept(
          new StoredBlob(blob.key(), blob.bytes(), blob.mediaType(), later), pieces, uses);
    }

    List<BlobUse> asUses() {
      var list = new ArrayList<BlobUse>();
      uses.forEach((execution, since) -> list.add(new BlobUse(blob.key(), execution, since)));
      return list;
    }
  }

  private final NavigableMap<BlobKey, Kept> blobs = new TreeMap<>();

  private final class Upload extends BlobUpload {
    private final List<byte[]> pieces = new ArrayList<>();

    @Override
    protected void put(byte[] piece, int count) {
      pieces.add(Arrays.copyOf(piece, count));
    }

    @Override
    protected void keep(StoredBlob blob) {
      synchronized (MemoryBlobs.this) {
        Kept before = blobs.get(blob.key());
        var now = new Kept(blob, List.copyOf(pieces), new TreeMap<>());
        if (before != null) {
          now.uses().putAll(before.uses());
          now = now.touched(before.blob().touchedAt());
        }
        blobs.put(blob.key(), now);
      }
    }

    @Override
    public void close() {
      pieces.clear();
    }
  }

  @Override
  public BlobUpload begin() {
    return new Upload();
  }

  @Override
  public synchronized Optional<StoredBlob> find(BlobKey key) {
    return Optional.ofNullable(blobs.get(key)).map(Kept::blob);
  }

  @Override
  public byte[] read(BlobKey key, long from, int most) {
    Kept kept;
    synchronized (this) {
      kept = blobs.get(key);
    }
    if (kept == null) {
      throw new NoSuchBlobException(key);
    }
    if (from >= kept.blob().bytes()) {
      return new byte[0];
    }
    byte[] piece = kept.pieces().get((int) (from / PIECE_BYTES_MAX));
    int start = (int) (from % PIECE_BYTES_MAX);
    return Arrays.copyOfRange(piece, start, Math.min(piece.length, start + most));
  }

  @Override
  public synchronized Set<BlobKey> use(Collection<BlobUse> uses) {
    var missing = new TreeSet<BlobKey>();
    for (BlobUse use : uses) {
      Kept kept = blobs.get(use.blob());
      if (kept == null) {
        missing.add(use.blob());
      } else {
        kept.uses().merge(use.execution(), use.since(), (a, b) -> a.isAfter(b) ? a : b);
        blobs.put(use.blob(), kept.touched(use.since()));
      }
    }
    return missing;
  }

  @Override
  public synchronized boolean touch(BlobKey key, Instant at) {
    return blobs.computeIfPresent(key, (unused, kept) -> kept.touched(at)) != null;
  }

  @Override
  public synchronized List<BlobUse> uses(@Nullable BlobUse after, int limit) {
    var page = new ArrayList<BlobUse>();
    var from = after == null ? blobs : blobs.tailMap(after.blob(), true);
    for (Kept kept : from.values()) {
      for (BlobUse use : kept.asUses()) {
        boolean before =
            after != null
                && use.blob().equals(after.blob())
                && use.execution().compareTo(after.execution()) <= 0;
        if (!before) {
          page.add(use);
        }
        if (page.size() == limit) {
          return page;
        }
      }
    }
    return page;
  }

  @Override
  public synchronized List<BlobUse> usesOf(BlobKey key) {
    Kept kept = blobs.get(key);
    return kept == null ? List.of() : kept.asUses();
  }

  @Override
  public synchronized void release(Collection<BlobUse> uses) {
    for (BlobUse use : uses) {
      Kept kept = blobs.get(use.blob());
      if (kept != null) {
        kept.uses().remove(use.execution(), use.since());
      }
    }
  }

  @Override
  public synchronized int removeUnused(Instant touchedBefore) {
    int before = blobs.size();
    blobs
        .values()
        .removeIf(kept -> kept.uses().isEmpty() && kept.blob().touchedAt().isBefore(touchedBefore));
    return before - blobs.size();
  }

  @Override
  public synchronized List<StoredBlob> list(@Nullable BlobKey after, int limit) {
    var from = after == null ? blobs : blobs.tailMap(after, false);
    return from.values().stream().limit(limit).map(Kept::blob).toList();
  }

  @Override
  public synchronized boolean drop(StoredBlob blob) {
    Kept kept = blobs.get(blob.key());
    return kept != null && kept.blob().equals(blob) && blobs.remove(blob.key()) != null;
  }

  @Override
  public synchronized Totals totals() {
    return new Totals(
        blobs.size(), blobs.values().stream().mapToLong(kept -> kept.blob().bytes()).sum());
  }
}
