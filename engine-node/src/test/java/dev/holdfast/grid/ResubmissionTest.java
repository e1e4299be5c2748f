package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Rejection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ResubmissionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final Outcome NO_QUORUM = refused(Rejection.Code.NO_QUORUM);
  private static final Outcome WRONG_STATE = refused(Rejection.Code.WRONG_STATE);

  private final AtomicInteger attempts = new AtomicInteger();
  private boolean mayBeBehind;

  @Test
  void refusalAfterAnAttemptThatWasLostSightOfLeavesTheOutcomeUnknown() {
    var lost = new UnsettledException("the owner is not seen any more");
    assertThatThrownBy(() -> outcome(failed(lost), answered(NO_QUORUM)).join()).hasCause(lost);
    assertThat(attempts.get()).isGreaterThan(2);
  }

  @Test
  void commandThatEveryAttemptTurnedAwayIsRefused() {
    assertThat(outcome(answered(NO_QUORUM)).join()).isEqualTo(NO_QUORUM);
  }

  @Test
  void whatTheExecutionSaysCountsWhateverWasBefore() {
    var moved = new MovedException("the partition has gone to another member");
    assertThat(outcome(failed(moved), answered(NO_QUORUM), answered(WRONG_STATE)).join())
        .isEqualTo(WRONG_STATE);
    assertThat(attempts).hasValue(3);
  }

  /** The lost attempt may be in the store that all share, and the copy that answers behind it. */
  @Test
  void whatACopySaysThatMayBeBehindLeavesTheOutcomeUnknownToo() {
    mayBeBehind = true;
    var lost = new UnsettledException("the backup was not heard of");
    assertThatThrownBy(() -> outcome(failed(lost), answered(WRONG_STATE)).join()).hasCause(lost);
    assertThat(attempts).hasValue(2);
  }

  @Test
  void refusalByACopyThatMayBeBehindStandsWhereNoAttemptWasLost() {
    mayBeBehind = true;
    assertThat(outcome(answered(WRONG_STATE)).join()).isEqualTo(WRONG_STATE);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void attemptThatFailsByItselfIsNotRepeated() {
    var bug = new IllegalArgumentException("a bug");
    assertThatThrownBy(() -> outcome(failed(bug)).join()).hasCause(bug);
    assertThat(attempts).hasValue(1);
  }

  /** The last one stands for all that follow. */
  @SafeVarargs
  private CompletableFuture<Outcome> outcome(Supplier<CompletableFuture<Outcome>>... each) {
    return new Resubmission(
            () -> each[Math.min(attempts.getAndIncrement(), each.length - 1)].get(),
            TIMEOUT,
            mayBeBehind)
        .outcome();
  }

  private static Supplier<CompletableFuture<Outcome>> answered(Outcome outcome) {
    return () -> CompletableFuture.completedFuture(outcome);
  }

  private static Supplier<CompletableFuture<Outcome>> failed(RuntimeException error) {
    return () -> CompletableFuture.failedFuture(error);
  }

  private static Outcome refused(Rejection.Code code) {
    return new Outcome.Refused(new Rejection(code, "said the member"));
  }
}
