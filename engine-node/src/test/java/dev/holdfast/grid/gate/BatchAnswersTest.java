package dev.holdfast.grid.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.wire.Reply;
import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchAnswersTest {
  private static final Duration FOR_EVER = Duration.ofDays(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final CompletableFuture<Reply> never = new CompletableFuture<>();

  @Test
  void whatNeverComesDoesNotHoldUpWhatIsThere() {
    assertThat(codes(new BatchAnswers(FOR_EVER, SHORT).await(List.of(never, done(), never))))
        .containsExactly("outcome-unknown", "done", "outcome-unknown");
  }

  @Test
  void whatIsOnlyALittleLaterIsWaitedFor() {
    var later = new CompletableFuture<Reply>();
    var first = new CompletableFuture<Reply>();
    first.thenRunAsync(() -> later.complete(Reply.Done.CHANGED));
    Thread.startVirtualThread(() -> first.complete(Reply.Done.CHANGED));
    assertThat(codes(new BatchAnswers(FOR_EVER, FOR_EVER).await(List.of(first, later))))
        .containsExactly("done", "done");
  }

  @Test
  void whereTheFirstIsLateTheOthersMayBeAsLate() {
    var begun = new AtomicBoolean();
    long halfADay = FOR_EVER.dividedBy(2).toNanos();
    var answers = new BatchAnswers(FOR_EVER, SHORT, () -> begun.getAndSet(true) ? halfADay : 0);
    var later = new CompletableFuture<Reply>();
    CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
        .execute(() -> later.complete(Reply.Done.CHANGED));
    assertThat(codes(answers.await(List.of(done(), later)))).containsExactly("done", "done");
  }

  @Test
  void whereNothingComesAllIsUnknown() {
    assertThat(codes(new BatchAnswers(SHORT, SHORT).await(List.of(never, never))))
        .containsExactly("outcome-unknown", "outcome-unknown");
  }

  @Test
  void aFailureIsAnAnswerLikeAnother() {
    var failed = CompletableFuture.<Reply>failedFuture(new StoreException("full"));
    assertThat(codes(new BatchAnswers(FOR_EVER, SHORT).await(List.of(failed, never))))
        .containsExactly("store-unavailable", "outcome-unknown");
  }

  private static CompletableFuture<Reply> done() {
    return CompletableFuture.completedFuture(Reply.Done.CHANGED);
  }

  private static List<String> codes(List<Reply> replies) {
    return replies.stream()
        .map(reply -> reply instanceof Reply.Refused refused ? refused.code() : "done")
        .toList();
  }
}
