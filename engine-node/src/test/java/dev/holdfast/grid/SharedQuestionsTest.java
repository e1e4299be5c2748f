package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.journal.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedQuestionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger came = new AtomicInteger();
  private final Semaphore gate = new Semaphore(0);
  private final SharedQuestions<String, String> questions =
      new SharedQuestions<>(question -> {
        int number = asked.incrementAndGet();
        gate.acquireUninterruptibly();
        return question + number;
      });

  private CompletableFuture<String> ask(String question) {
    return CompletableFuture.supplyAsync(
        () -> {
          came.incrementAndGet();
          return questions.apply(question);
        },
        Thread::startVirtualThread);
  }

  @Test
  void whoeverComesWhileItIsAskedSharesTheNextOne() throws Exception {
    CompletableFuture<String> first = ask("a");
    await().atMost(PATIENCE).until(() -> asked.get() == 1);
    List<CompletableFuture<String>> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      others.add(ask("a"));
    }
    await().during(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> came.get() == 51);
    assertThat(asked).hasValue(1);
    gate.release(2);
    assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("a1");
    for (CompletableFuture<String> other : others) {
      assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("a2");
    }
    gate.release();
    assertThat(questions.apply("a")).isEqualTo("a3");
  }

  @Test
  void otherQuestionsDoNotWait() throws Exception {
    CompletableFuture<String> one = ask("a");
    await().atMost(PATIENCE).until(() -> asked.get() == 1);
    CompletableFuture<String> other = ask("b");
    await().atMost(PATIENCE).until(() -> asked.get() == 2);
    gate.release(2);
    assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo("a1");
    assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo("b2");
  }

  @Test
  void failureIsToldAndNotKept() {
    var failing =
        new SharedQuestions<String, Integer>(question -> {
          if (asked.incrementAndGet() == 1) {
            throw new StoreException("nobody answers");
          }
          return asked.get();
        });
    assertThatThrownBy(() -> failing.apply("a")).isInstanceOf(StoreException.class);
    assertThat(failing.apply("a")).isEqualTo(2);
  }
}
