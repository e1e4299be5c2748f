package dev.holdfast.grid;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks once what many want to know at the same time. Of one question one is under way; who comes
 * meanwhile waits for the next, with all others that come meanwhile: so nobody gets an answer to
 * what was asked before he came. Thread-safe; blocks.
 *
 * @param <Q> what is asked; has a meaning for {@code equals}
 * @param <A> the answer
 */
final class SharedQuestions<Q, A> implements Function<Q, A> {
  /**
   * @param next null: nobody waits for the one under way
   */
  private record Line<A>(CompletableFuture<A> underWay, @Nullable CompletableFuture<A> next) {}

  private final Function<Q, A> ask;
  private final ConcurrentMap<Q, Line<A>> lines = new ConcurrentHashMap<>();

  /**
   * @param ask blocks; what it throws everybody gets who waits for it
   */
  SharedQuestions(Function<Q, A> ask) {
    this.ask = ask;
  }

  @Override
  public A apply(Q question) {
    var mine = new CompletableFuture<A>();
    Line<A> line =
        lines.compute(
            question,
            (same, now) -> {
              if (now == null) {
                return new Line<>(mine, null);
              }
              return now.next() == null ? new Line<>(now.underWay(), mine) : now;
            });
    if (line.underWay() == mine) {
      answer(question, mine);
      return joined(mine);
    }
    CompletableFuture<A> next = Objects.requireNonNull(line.next());
    if (next == mine) {
      line.underWay().handle((answer, failure) -> answer).join();
      // From here on it is under way: who comes now waits for another one.
      lines.put(question, new Line<>(mine, null));
      answer(question, mine);
    }
    return joined(next);
  }

  private void answer(Q question, CompletableFuture<A> answer) {
    try {
      answer.complete(ask.apply(question));
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    } finally {
      // Where somebody waits, the line is theirs.
      lines.remove(question, new Line<>(answer, null));
    }
  }

  private static <A> A joined(CompletableFuture<A> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
