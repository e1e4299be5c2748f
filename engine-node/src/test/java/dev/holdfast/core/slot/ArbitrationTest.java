package dev.holdfast.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.slot.Arbitration.Request;
import dev.holdfast.core.slot.Arbitration.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who gets the slots of a key. */
class ArbitrationTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private static ExecutionKey key(String id) {
    return new ExecutionKey("default", id);
  }

  private static Claim claim(String id, int since, int limit, OnLimit onLimit, boolean held) {
    return new Claim(key(id), 2, limit, onLimit, T0.plusSeconds(since), held);
  }

  private static Claim waits(String id, int since) {
    return claim(id, since, 2, OnLimit.QUEUE, false);
  }

  private static Claim holds(String id, int since) {
    return claim(id, since, 2, OnLimit.QUEUE, true);
  }

  private static Claim taking(String id, int since, boolean held) {
    return claim(id, since, 2, OnLimit.CANCEL_RUNNING, held);
  }

  private static Verdict decide(Claim... claims) {
    return Arbitration.decide(Set.of(), List.of(claims), List.of());
  }

  private static List<String> ids(List<Claim> claims) {
    return claims.stream().map(claim -> claim.execution().id()).toList();
  }

  @Test
  void slotsGoToThoseWhoHaveWaitedLongest() {
    Verdict verdict = decide(waits("c", 3), waits("a", 1), waits("b", 2));
    assertThat(ids(verdict.granted())).containsExactly("a", "b");
    assertThat(verdict.cancelled()).isEmpty();
  }

  @Test
  void thoseWhoBeganToWaitAtOnceAreRankedByTheirIds() {
    assertThat(ids(decide(holds("x", 0), waits("b", 1), waits("a", 1)).granted()))
        .containsExactly("a");
  }

  @Test
  void noMoreThanTheLimitAreGiven() {
    assertThat(decide(holds("a", 1), holds("b", 2), waits("c", 3)).granted()).isEmpty();
    assertThat(decide(holds("a", 1), holds("b", 2), holds("x", 2), waits("c", 3)).granted())
        .isEmpty();
  }

  @Test
  void whatWasGivenAndMayHaveBeenTakenCounts() {
    var verdict =
        Arbitration.decide(
            Set.of(key("a"), key("b")), List.of(waits("a", 1), waits("c", 3)), List.of());
    assertThat(verdict.granted()).isEmpty();
  }

  @Test
  void nobodyPassesOneWhoseLimitIsLower() {
    var verdict = decide(holds("a", 1), claim("b", 2, 1, OnLimit.QUEUE, false), waits("c", 3));
    assertThat(verdict.granted()).isEmpty();
  }

  @Test
  void newcomerHasTheOldestCancelledAndWaitsForTheirEnd() {
    var verdict = decide(taking("a", 1, true), taking("b", 2, true), taking("c", 3, false));
    assertThat(ids(verdict.cancelled())).containsExactly("a");
    assertThat(verdict.newcomer()).isEqualTo(key("c"));
    assertThat(verdict.granted()).isEmpty();
    assertThat(ids(decide(taking("b", 2, true), taking("c", 3, false)).granted()))
        .containsExactly("c");
  }

  @Test
  void ofSeveralNewcomersTheOlderAreCancelledToo() {
    var verdict =
        decide(
            taking("a", 1, true),
            taking("b", 2, true),
            taking("c", 3, false),
            taking("d", 4, false),
            taking("e", 5, false));
    assertThat(ids(verdict.cancelled())).containsExactly("a", "b", "c");
    assertThat(verdict.newcomer()).isEqualTo(key("e"));
    assertThat(verdict.granted()).isEmpty();
  }

  @Test
  void newcomerFindsAFreeSlot() {
    var verdict = decide(taking("a", 1, true), taking("b", 2, false));
    assertThat(verdict.cancelled()).isEmpty();
    assertThat(ids(verdict.granted())).containsExactly("b");
  }

  @Test
  void whatIsNotBegunWithoutASlotIsRefusedWhenThereIsNone() {
    var verdict =
        Arbitration.decide(
            Set.of(),
            List.of(holds("a", 1)),
            List.of(new Request(key("b"), 2), new Request(key("c"), 2)));
    assertThat(verdict.reserved()).containsExactly(new Request(key("b"), 2));
    assertThat(verdict.refused()).containsExactly(new Request(key("c"), 2));
  }

  @Test
  void whoeverHasASlotAlreadyIsToldSoAgain() {
    var request = new Request(key("a"), 1);
    assertThat(Arbitration.decide(Set.of(key("a")), List.of(), List.of(request)).reserved())
        .containsExactly(request);
    assertThat(Arbitration.decide(Set.of(), List.of(holds("a", 1)), List.of(request)).reserved())
        .containsExactly(request);
  }

  /** Whatever the claims: no more hold slots than the limit, and slots aren't left unused. */
  @Test
  void randomClaimsKeepToTheLimit() {
    for (long seed = 1; seed <= 3000; seed++) {
      var random = new SplittableRandom(seed);
      int limit = 1 + random.nextInt(4);
      OnLimit onLimit = OnLimit.values()[random.nextInt(2)];
      var claims = new ArrayList<Claim>();
      int count = random.nextInt(10);
      int held = random.nextInt(limit + 1);
      for (int i = 0; i < count; i++) {
        claims.add(claim("e" + i, random.nextInt(20), limit, onLimit, i < held));
      }
      var taken = new HashSet<ExecutionKey>();
      if (held < limit && random.nextBoolean()) {
        taken.add(key("e" + random.nextInt(10)));
      }
      var requests = new ArrayList<Request>();
      for (int i = random.nextInt(3); i > 0; i--) {
        requests.add(new Request(key("r" + i), limit));
      }
      Verdict verdict = Arbitration.decide(taken, claims, requests);
      var holders = new HashSet<>(taken);
      claims.stream().filter(Claim::held).forEach(claim -> holders.add(claim.execution()));
      verdict.granted().forEach(claim -> holders.add(claim.execution()));
      verdict.reserved().forEach(request -> holders.add(request.execution()));
      assertThat(holders).as("seed %d", seed).hasSizeLessThanOrEqualTo(Math.max(limit, held));
      long waiting =
          claims.stream()
              .filter(claim -> !holders.contains(claim.execution()))
              .filter(claim -> !verdict.cancelled().contains(claim))
              .count();
      if (waiting > 0 || !verdict.refused().isEmpty()) {
        assertThat(holders.size()).as("used, seed %d", seed).isGreaterThanOrEqualTo(limit);
      }
      assertThat(verdict.granted()).noneMatch(verdict.cancelled()::contains);
      assertThat(verdict.reserved().size() + verdict.refused().size()).isEqualTo(requests.size());
    }
  }
}
