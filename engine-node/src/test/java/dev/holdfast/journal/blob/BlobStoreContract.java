package dev.holdfast.journal.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.journal.StateStore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of blobs does. */
public abstract class BlobStoreContract {
  protected static final Instant T0 = Instant.parse("2026-03-01T10:00:00.123456Z");
  protected static final Instant LATER = T0.plusSeconds(3600);
  private static final byte[] SMALL = "[1,2,3]".getBytes(StandardCharsets.UTF_8);

  protected @Nullable StateStore store;

  /** A new store with nothing in it. */
  protected abstract StateStore open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    StateStore open = store;
    if (open != null) {
      open.close();
    }
  }

  protected BlobStore blobs() {
    StateStore open = store;
    if (open == null) {
      throw new AssertionError("no store is open");
    }
    return open.blobs();
  }

  protected StoredBlob put(String tenant, byte[] content) {
    return put(tenant, content, T0);
  }

  protected StoredBlob put(String tenant, byte[] content, Instant at) {
    try (BlobUpload upload = blobs().begin()) {
      // In pieces that fit no boundary.
      for (int done = 0; done < content.length; done += 100_003) {
        upload.write(content, done, Math.min(100_003, content.length - done));
      }
      return upload.keep(tenant, "application/json", at);
    }
  }

  protected static byte[] content(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  protected static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  protected byte[] read(BlobKey key, long from) {
    var out = new ByteArrayOutputStream();
    long at = from;
    while (true) {
      byte[] piece = blobs().read(key, at, BlobStore.PIECE_BYTES_MAX);
      if (piece.length == 0) {
        return out.toByteArray();
      }
      out.writeBytes(piece);
      at += piece.length;
    }
  }

  private static BlobUse use(StoredBlob blob, String execution, Instant since) {
    return new BlobUse(blob.key(), execution, since);
  }

  @Test
  void contentComesBackFromAnywhereInIt() {
    for (int bytes : new int[] {0, 1, 100_000, 256 << 10, (256 << 10) + 1, 3_000_001}) {
      byte[] content = content(bytes, bytes);
      StoredBlob blob = put("acme", content);
      assertThat(blob)
          .isEqualTo(
              new StoredBlob(new BlobKey("acme", sha256(content)), bytes, "application/json", T0));
      assertThat(blobs().find(blob.key())).contains(blob);
      for (int from : new int[] {0, bytes / 3, bytes - 1, bytes}) {
        int start = Math.max(0, from);
        assertThat(read(blob.key(), start)).isEqualTo(Arrays.copyOfRange(content, start, bytes));
      }
      assertThat(blobs().read(blob.key(), 0, 1)).hasSize(Math.min(1, bytes));
    }
  }

  @Test
  void nothingIsThereBeforeItIsKept() {
    try (BlobUpload upload = blobs().begin()) {
      upload.write(SMALL, 0, SMALL.length);
      var key = new BlobKey("acme", upload.sha256());
      assertThat(upload.bytes()).isEqualTo(SMALL.length);
      assertThat(blobs().find(key)).isEmpty();
    }
    var key = new BlobKey("acme", sha256(SMALL));
    assertThat(blobs().find(key)).isEmpty();
    assertThatThrownBy(() -> blobs().read(key, 0, 10)).isInstanceOf(NoSuchBlobException.class);
    assertThat(blobs().totals()).isEqualTo(new BlobStore.Totals(0, 0));
  }

  @Test
  void tenantsHaveEachTheirOwn() {
    StoredBlob blob = put("acme", SMALL);
    var theirs = new BlobKey("other", blob.key().sha256());
    assertThat(blobs().find(theirs)).isEmpty();
    assertThatThrownBy(() -> blobs().read(theirs, 0, 1)).isInstanceOf(NoSuchBlobException.class);
    assertThat(blobs().use(List.of(new BlobUse(theirs, "x", T0)))).containsExactly(theirs);
    put("other", SMALL);
    assertThat(blobs().removeUnused(T0)).isZero();
    assertThat(blobs().drop(blob)).isTrue();
    assertThat(read(theirs, 0)).isEqualTo(SMALL);
  }

  @Test
  void theSameContentTwiceIsKeptOnce() {
    put("acme", SMALL);
    StoredBlob again = put("acme", SMALL, LATER);
    assertThat(blobs().totals()).isEqualTo(new BlobStore.Totals(1, SMALL.length));
    assertThat(blobs().find(again.key())).contains(again);
    assertThat(read(again.key(), 0)).isEqualTo(SMALL);
    put("acme", SMALL, T0);
    assertThat(blobs().find(again.key()).orElseThrow().touchedAt()).isEqualTo(LATER);
  }

  @Test
  void usesKeepABlobAndItsRemovalEndsWithThem() {
    StoredBlob used = put("acme", SMALL);
    StoredBlob unused = put("acme", content(1000, 1));
    assertThat(blobs().use(List.of(use(used, "one", T0), use(used, "two", T0)))).isEmpty();
    assertThat(blobs().removeUnused(LATER)).isEqualTo(1);
    assertThat(blobs().find(unused.key())).isEmpty();
    assertThat(blobs().find(used.key())).isPresent();
    blobs().release(List.of(use(used, "one", T0)));
    assertThat(blobs().removeUnused(LATER)).isZero();
    blobs().release(List.of(use(used, "two", T0)));
    assertThat(blobs().usesOf(used.key())).isEmpty();
    assertThat(blobs().removeUnused(LATER)).isEqualTo(1);
    assertThatThrownBy(() -> blobs().read(used.key(), 0, 1))
        .isInstanceOf(NoSuchBlobException.class);
    assertThat(read(put("acme", SMALL).key(), 0)).isEqualTo(SMALL);
  }

  @Test
  void whatWasTouchedLatelyStays() {
    StoredBlob blob = put("acme", SMALL);
    assertThat(blobs().removeUnused(T0)).isZero();
    assertThat(blobs().touch(blob.key(), T0.plusSeconds(5))).isTrue();
    assertThat(blobs().touch(blob.key(), T0)).isTrue();
    assertThat(blobs().find(blob.key()).orElseThrow().touchedAt()).isEqualTo(T0.plusSeconds(5));
    assertThat(blobs().touch(new BlobKey("other", blob.key().sha256()), LATER)).isFalse();
    blobs().use(List.of(use(blob, "one", LATER)));
    blobs().release(List.of(use(blob, "one", LATER)));
    assertThat(blobs().find(blob.key()).orElseThrow().touchedAt()).isEqualTo(LATER);
    assertThat(blobs().removeUnused(LATER)).isZero();
    assertThat(blobs().removeUnused(LATER.plusSeconds(1))).isEqualTo(1);
  }

  @Test
  void aUseThatWasSaidAgainIsNotReleased() {
    StoredBlob blob = put("acme", SMALL);
    blobs().use(List.of(use(blob, "one", T0)));
    blobs().use(List.of(use(blob, "one", LATER)));
    blobs().use(List.of(use(blob, "one", T0)));
    assertThat(blobs().usesOf(blob.key())).containsExactly(use(blob, "one", LATER));
    blobs().release(List.of(use(blob, "one", T0)));
    assertThat(blobs().usesOf(blob.key())).hasSize(1);
    blobs().release(List.of(use(blob, "one", LATER)));
    assertThat(blobs().usesOf(blob.key())).isEmpty();
  }

  @Test
  void pagesNameAllBlobsAndUsesOnce() {
    var uses = new ArrayList<BlobUse>();
    var all = new ArrayList<StoredBlob>();
    for (int i = 0; i < 7; i++) {
      StoredBlob blob = put(i < 4 ? "acme" : "beta", content(10, i));
      all.add(blob);
      for (int n = 0; n <= i % 3; n++) {
        uses.add(use(blob, "e-" + n, T0));
      }
    }
    blobs().use(uses);
    var pagedUses = new ArrayList<BlobUse>();
    List<BlobUse> page = blobs().uses(null, 3);
    while (!page.isEmpty()) {
      pagedUses.addAll(page);
      page = blobs().uses(page.getLast(), 3);
    }
    assertThat(pagedUses).containsExactlyInAnyOrderElementsOf(uses);
    var paged = new ArrayList<StoredBlob>();
    List<StoredBlob> some = blobs().list(null, 3);
    while (!some.isEmpty()) {
      paged.addAll(some);
      some = blobs().list(some.getLast().key(), 3);
    }
    assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void oneThatWasTouchedSinceIsNotDropped() {
    StoredBlob blob = put("acme", SMALL);
    blobs().use(List.of(use(blob, "one", LATER)));
    assertThat(blobs().drop(blob)).isFalse();
    StoredBlob now = blobs().find(blob.key()).orElseThrow();
    assertThat(blobs().drop(now)).isTrue();
    assertThat(blobs().find(blob.key())).isEmpty();
    assertThat(blobs().uses(null, 10)).isEmpty();
  }

  @Test
  void useAndRemovalAtOnceNeverLeaveAUseWithoutItsBlob() {
    for (int round = 0; round < 20; round++) {
      StoredBlob blob = put("acme", content(1000, round));
      var removing = CompletableFuture.runAsync(() -> blobs().removeUnused(LATER));
      var missing =
          CompletableFuture.supplyAsync(
              () -> blobs().use(List.of(use(blob, "one", LATER.plusSeconds(1)))));
      removing.join();
      if (missing.join().isEmpty()) {
        assertThat(read(blob.key(), 0)).hasSize(1000);
        assertThat(blobs().usesOf(blob.key())).hasSize(1);
      } else {
        assertThat(blobs().find(blob.key())).isEmpty();
        assertThat(blobs().usesOf(blob.key())).isEmpty();
      }
      blobs().release(blobs().uses(null, 10));
    }
  }

  @Test
  void manyAtOnceDoNotMix() {
    List<CompletableFuture<StoredBlob>> puts =
        IntStream.range(0, 12)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> put("acme", content(300_000, i % 4))))
            .toList();
    for (int i = 0; i < puts.size(); i++) {
      assertThat(read(puts.get(i).join().key(), 0)).isEqualTo(content(300_000, i % 4));
    }
    assertThat(blobs().totals()).isEqualTo(new BlobStore.Totals(4, 1_200_000));
  }
}
