package dev.holdfast.grid.blob;

import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUpload;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.NoSuchBlobException;
import dev.holdfast.journal.blob.StoredBlob;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What members ask each other about the blobs on their disks; asks and answers. Blocks. Every
 * question throws {@link StoreException} when the member does not answer.
 */
final class BlobPeers {
  private static final Logger LOG = LoggerFactory.getLogger(BlobPeers.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  /** Of a question that has content copied; it counts for each mebibyte. */
  private static final Duration COPY_WITHIN = Duration.ofSeconds(1);

  private static final byte NO = 0;
  private static final byte YES = 1;

  private final BlobStore store;
  private final Peers peers;
  private final BlobStats stats;

  record Use(String execution, Instant since) {}

  /** A blob with all that is known of it but its content. */
  record Item(String key, long bytes, String mediaType, Instant touchedAt, List<Use> uses) {
    static Item of(StoredBlob blob, Collection<BlobUse> uses) {
      return new Item(
          blob.key().text(),
          blob.bytes(),
          blob.mediaType(),
          blob.touchedAt(),
          uses.stream().map(use -> new Use(use.execution(), use.since())).toList());
    }

    StoredBlob blob() {
      return new StoredBlob(BlobKey.parse(key), bytes, mediaType, touchedAt);
    }

    List<BlobUse> blobUses() {
      var blob = BlobKey.parse(key);
      return uses.stream().map(use -> new BlobUse(blob, use.execution(), use.since())).toList();
    }
  }

  private record Take(UUID from, List<Item> items) {}

  private record Some(String key, long from, int most) {}

  private record Found(@Nullable Item item) {}

  /** Answers other members from here on. */
  BlobPeers(BlobStore store, Peers peers, BlobStats stats) {
    this.store = store;
    this.peers = peers;
    this.stats = stats;
    peers.serve(PeerOp.BLOB_FIND, (from, body) -> found(body));
    peers.serve(PeerOp.BLOB_READ, (from, body) -> some(body));
    peers.serve(PeerOp.BLOB_TAKE, (from, body) -> taken(body));
    peers.serve(PeerOp.BLOB_USE, (from, body) -> used(body));
  }

  UUID self() {
    return peers.self();
  }

  List<UUID> others() {
    return peers.others();
  }

  private byte[] ask(UUID member, PeerOp op, byte[] body, Duration within) {
    try {
      return peers.ask(member, op, body).get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreException("member " + member + " does not answer about a blob: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("the node is shutting down", e);
    }
  }

  Optional<StoredBlob> find(UUID member, BlobKey key) {
    byte[] answer =
        ask(member, PeerOp.BLOB_FIND, Wire.write(new Some(key.text(), 0, 0)), ANSWER_WITHIN);
    return Optional.ofNullable(Wire.read(answer, Found.class).item()).map(Item::blob);
  }

  private byte[] found(byte[] body) {
    BlobKey key = BlobKey.parse(Wire.read(body, Some.class).key());
    return Wire.write(
        new Found(store.find(key).map(blob -> Item.of(blob, List.of())).orElse(null)));
  }

  /**
   * Some of a content.
   *
   * @throws NoSuchBlobException when the member does not have it
   */
  byte[] read(UUID member, BlobKey key, long from, int most) {
    byte[] answer =
        ask(member, PeerOp.BLOB_READ, Wire.write(new Some(key.text(), from, most)), ANSWER_WITHIN);
    if (answer.length == 0 || answer[0] == NO) {
      throw new NoSuchBlobException(key);
    }
    return Arrays.copyOfRange(answer, 1, answer.length);
  }

  private byte[] some(byte[] body) {
    Some asked = Wire.read(body, Some.class);
    try {
      byte[] bytes = store.read(BlobKey.parse(asked.key()), asked.from(), asked.most());
      byte[] answer = new byte[bytes.length + 1];
      answer[0] = YES;
      System.arraycopy(bytes, 0, answer, 1, bytes.length);
      return answer;
    } catch (NoSuchBlobException e) {
      return new byte[] {NO};
    }
  }

  /**
   * Has a member take blobs that it lacks from another one, with their uses.
   *
   * @return for each of them whether it is there now
   */
  boolean[] take(UUID member, UUID from, List<Item> items) {
    if (member.equals(self())) {
      return takeHere(from, items);
    }
    long bytes = items.stream().mapToLong(Item::bytes).sum();
    Duration within = ANSWER_WITHIN.plus(COPY_WITHIN.multipliedBy((bytes >> 20) + items.size()));
    byte[] answer = ask(member, PeerOp.BLOB_TAKE, Wire.write(new Take(from, items)), within);
    var there = new boolean[items.size()];
    for (int i = 0; i < there.length; i++) {
      there[i] = i < answer.length && answer[i] == YES;
    }
    return there;
  }

  private byte[] taken(byte[] body) {
    Take asked = Wire.read(body, Take.class);
    boolean[] there = takeHere(asked.from(), asked.items());
    var answer = new byte[there.length];
    for (int i = 0; i < there.length; i++) {
      answer[i] = there[i] ? YES : NO;
    }
    return answer;
  }

  private boolean[] takeHere(UUID from, List<Item> items) {
    var there = new boolean[items.size()];
    for (int i = 0; i < there.length; i++) {
      there[i] = takeHere(from, items.get(i));
    }
    return there;
  }

  private boolean takeHere(UUID from, Item item) {
    StoredBlob blob = item.blob();
    try {
      if (!store.touch(blob.key(), blob.touchedAt())) {
        copy(from, blob);
      }
      return item.uses().isEmpty() || store.use(item.blobUses()).isEmpty();
    } catch (NoSuchBlobException e) {
      LOG.debug("Member {} does not have blob {} any more", from, blob.key());
      return false;
    } catch (StoreException e) {
      LOG.warn("Blob {} could not be copied from member {}", blob.key(), from, e);
      return false;
    }
  }

  private void copy(UUID from, StoredBlob blob) {
    if (from.equals(self())) {
      throw new NoSuchBlobException(blob.key());
    }
    try (BlobUpload upload = store.begin()) {
      byte[] piece;
      do {
        piece = read(from, blob.key(), upload.bytes(), BlobStore.PIECE_BYTES_MAX);
        upload.write(piece, 0, piece.length);
      } while (piece.length > 0 && upload.bytes() < blob.bytes());
      if (!upload.sha256().equals(blob.key().sha256())) {
        throw new StoreException("blob %s came damaged from member %s".formatted(blob.key(), from));
      }
      upload.keep(blob.key().tenant(), blob.mediaType(), blob.touchedAt());
      stats.copy();
    }
  }

  /** Notes uses of one blob with a member; false: it does not have the blob. */
  boolean use(UUID member, Item item) {
    if (member.equals(self())) {
      return store.use(item.blobUses()).isEmpty();
    }
    byte[] answer = ask(member, PeerOp.BLOB_USE, Wire.write(item), ANSWER_WITHIN);
    return answer.length == 1 && answer[0] == YES;
  }

  private byte[] used(byte[] body) {
    Item item = Wire.read(body, Item.class);
    return new byte[] {store.use(item.blobUses()).isEmpty() ? YES : NO};
  }
}
