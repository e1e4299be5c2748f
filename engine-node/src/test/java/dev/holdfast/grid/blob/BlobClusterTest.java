package dev.holdfast.grid.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.Assignment;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.BlobStore;
import dev.holdfast.journal.blob.BlobUse;
import dev.holdfast.journal.blob.StoredBlob;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Blobs of three members with a disk each. */
@Timeout(240)
class BlobClusterTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder = Path.of("");

  private TestCluster cluster(Duration grace) {
    return new TestCluster(
        3,
        3,
        place -> new SqliteStateStore(folder.resolve(place + ".db"), InstantSource.system()),
        false,
        new BlobSettings(64 << 10, 1L << 30, grace, Duration.ofMillis(500)));
  }

  private static byte[] content(int bytes, long seed) {
    var content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  private static StoredBlob put(TestCluster cluster, int place, byte[] content) {
    try (IncomingBlob incoming = cluster.member(place).blobs().begin()) {
      incoming.write(content, 0, content.length);
      return incoming.keep(TestMember.TENANT, "application/octet-stream");
    }
  }

  private static byte[] read(TestCluster cluster, int place, StoredBlob blob) {
    try (InputStream in = cluster.member(place).blobs().open(blob.key(), 0, blob.bytes())) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static BlobStore disk(TestCluster cluster, int place) {
    return cluster.member(place).store().blobs();
  }

  /** The places on whose disks it is. */
  private static List<Integer> holders(TestCluster cluster, BlobKey key) {
    return IntStream.range(0, cluster.size())
        .filter(cluster::isRunning)
        .filter(place -> disk(cluster, place).find(key).isPresent())
        .boxed()
        .toList();
  }

  @Test
  void aBlobIsOnTwoDisksAndReadThroughAnyMember() {
    try (TestCluster cluster = cluster(Duration.ofDays(1))) {
      for (int i = 0; i < 9; i++) {
        byte[] content = content(700_000 + i, i);
        StoredBlob blob = put(cluster, i % 3, content);
        assertThat(holders(cluster, blob.key())).hasSize(2);
        for (int place = 0; place < 3; place++) {
          assertThat(cluster.member(place).blobs().find(blob.key())).isPresent();
          assertThat(read(cluster, place, blob)).isEqualTo(content);
        }
      }
      var nothing = new BlobKey(TestMember.TENANT, "0".repeat(64));
      assertThat(cluster.member(1).blobs().find(nothing)).isEmpty();
    }
  }

  @Test
  void whatADeadMemberHadIsCopiedFromTheOtherDiskAndUsesWithIt() {
    try (TestCluster cluster = cluster(Duration.ofDays(1))) {
      cluster.register("d", "name: d\ntasks: { a: { agent: x } }");
      var blobs = new ArrayList<StoredBlob>();
      for (int i = 0; i < 12; i++) {
        blobs.add(put(cluster, i % 3, content(300_000, i)));
        cluster.start(
            0, "d", "e-" + i, new BlobRef(blobs.getLast().key().sha256(), -1, null).toValue());
      }
      cluster.kill(2);
      cluster.awaitOpen(2);
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(blobs)
                  .allSatisfy(
                      blob -> assertThat(holders(cluster, blob.key())).containsExactly(0, 1)));
      for (int i = 0; i < 12; i++) {
        BlobKey key = blobs.get(i).key();
        for (int place = 0; place < 2; place++) {
          assertThat(read(cluster, place, blobs.get(i))).isEqualTo(content(300_000, i));
          assertThat(disk(cluster, place).usesOf(key))
              .extracting(BlobUse::execution)
              .containsExactly("e-" + i);
        }
      }
      // It comes back: again two disks have each, and nobody more.
      cluster.startIn(2);
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(blobs)
                  .allSatisfy(blob -> assertThat(holders(cluster, blob.key())).hasSize(2)));
      assertThat(disk(cluster, 2).totals().blobs()).isPositive();
    }
  }

  @Test
  void aResultByReferencePassesBetweenMembersAndIsRemovedWithItsExecution() {
    try (TestCluster cluster = cluster(Duration.ofSeconds(3))) {
      cluster.register(
          "pass",
          """
          name: pass
          tasks:
            make: { agent: maker }
            use: { agent: user, needs: [make], input: { report: "${tasks.make.output}" } }
          """);
      assertThat(cluster.start(0, "pass", "one", null)).isInstanceOf(Outcome.Done.class);
      Assignment make = cluster.poll(1, "maker", 1, SOON).getFirst();
      var nothing = new BlobRef("0".repeat(64), -1, null).toValue();
      assertThat(cluster.complete(1, make, nothing))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused ->
                  assertThat(refused.rejection().code())
                      .isEqualTo(Rejection.Code.UNKNOWN_REFERENCE));
      StoredBlob blob = put(cluster, 1, content(2_000_000, 7));
      Object reference = Blobs.reference(blob, BlobRef.JSON).toValue();
      assertThat(cluster.complete(1, make, reference)).isInstanceOf(Outcome.Done.class);
      Assignment use = cluster.poll(2, "user", 1, SOON).getFirst();
      assertThat(use.input()).isEqualTo(java.util.Map.of("report", reference));
      assertThat(read(cluster, 2, blob)).isEqualTo(content(2_000_000, 7));
      StoredBlob loose = put(cluster, 0, content(1000, 8));
      Awaitility.await().atMost(SOON).until(() -> holders(cluster, loose.key()).isEmpty());
      assertThat(holders(cluster, blob.key())).hasSize(2);
      cluster.complete(2, use, null);
      assertThat(
              cluster
                  .member(0)
                  .whenEnded(TestMember.key("one"))
                  .orTimeout(30, java.util.concurrent.TimeUnit.SECONDS)
                  .join()
                  .status())
          .isEqualTo(ExecutionStatus.COMPLETED);
      cluster.member(0).records().purge(TestMember.TENANT, Instant.now().plusSeconds(5), false);
      Awaitility.await().atMost(SOON).until(() -> holders(cluster, blob.key()).isEmpty());
    }
  }
}
