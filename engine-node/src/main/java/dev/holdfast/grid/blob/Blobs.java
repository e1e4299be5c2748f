package dev.holdfast.grid.blob;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.core.LargeData;
import dev.holdfast.core.Rejection;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.StoredBlob;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Large data of the whole cluster, as one member offers it (ADR 0032). What blocks is for virtual
 * threads. Every method throws {@link dev.holdfast.journal.StoreException} when too few disks can
 * be reached. Thread-safe.
 */
public final class Blobs {
  private final BlobStore store;
  private final Holders holders;
  private final BlobSettings settings;
  private final InstantSource clock;
  private final BlobStats stats;

  Blobs(
      BlobStore store,
      Holders holders,
      BlobSettings settings,
      InstantSource clock,
      BlobStats stats) {
    this.store = store;
    this.holders = holders;
    this.settings = settings;
    this.clock = clock;
    this.stats = stats;
  }

  /** What counts as large, and how large it may be. */
  public BlobSettings settings() {
    return settings;
  }

  /** Begins to take content in, in pieces. Blocks. */
  public IncomingBlob begin() {
    return new IncomingBlob(store, holders, settings.bytesMax(), clock, stats);
  }

  /** The blob, whichever member has it. Blocks. */
  public Optional<StoredBlob> find(BlobKey key) {
    return holders.find(key);
  }

  /**
   * Some of a blob's content: at most {@link BlobStore#PIECE_BYTES_MAX}, empty at its end. Blocks.
   *
   * @throws dev.holdfast.journal.blob.NoSuchBlobException when nobody has it
   */
  public byte[] read(BlobKey key, long from, int most) {
    byte[] piece = holders.read(key, from, most);
    stats.read(piece.length);
    return piece;
  }

  /** A blob's content from there on, so many bytes at most; reads as it is asked. */
  public InputStream open(BlobKey key, long from, long count) {
    return new BlobStream(this, key, from, count);
  }

  /** The value, kept by reference where it is larger than values inline may be. Blocks. */
  public @Nullable Object inlined(String tenant, @Nullable Object value, long bytes) {
    if (bytes <= settings.inlineLimit()) {
      return value;
    }
    try (IncomingBlob incoming = begin()) {
      byte[] json = ValueFormat.JSON.write(value);
      incoming.write(json, 0, json.length);
      return reference(incoming.keep(tenant, BlobRef.JSON), BlobRef.JSON).toValue();
    }
  }

  /** How a value names it. */
  public static BlobRef reference(StoredBlob blob, String mediaType) {
    return new BlobRef(blob.key().sha256(), blob.bytes(), mediaType);
  }

  /**
   * Notes that the execution uses what is referred to, durably, before an event says so. Blocks.
   *
   * @return why that can't be: something referred to is not there; null: it is done
   */
  public @Nullable Rejection use(ExecutionKey by, List<LargeData.Reference> references) {
    Instant now = clock.instant();
    var uses = new ArrayList<BlobUse>();
    Map<BlobKey, LargeData.Reference> first = new LinkedHashMap<>();
    for (LargeData.Reference one : references) {
      BlobRef reference;
      try {
        reference = one.parsed();
      } catch (IllegalArgumentException e) {
        return refusal(one.path() + " is no reference: " + e.getMessage());
      }
      var key = new BlobKey(by.tenant(), reference.sha256());
      if (first.putIfAbsent(key, one) == null) {
        uses.add(new BlobUse(key, by.id(), now));
      }
    }
    Set<BlobKey> missing = holders.use(uses);
    for (var one : first.entrySet()) {
      if (missing.contains(one.getKey())) {
        return refusal(
            "%s refers to sha256:%s, which is no blob of this tenant; upload it first"
                .formatted(one.getValue().path(), one.getKey().sha256()));
      }
    }
    return null;
  }

  private static Rejection refusal(String why) {
    return new Rejection(Rejection.Code.UNKNOWN_REFERENCE, why);
  }
}
