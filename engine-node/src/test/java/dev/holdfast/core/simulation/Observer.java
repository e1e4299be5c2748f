package dev.holdfast.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection.Code;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Writes down what those outside were told, and checks that it stays true. */
final class Observer {
  private final SimulatedJournal journal;
  private final Set<ExecutionKey> started = new LinkedHashSet<>();
  private final Set<Token> results = new LinkedHashSet<>();
  private final Map<String, Integer> counts = new LinkedHashMap<>();

  Observer(SimulatedJournal journal) {
    this.journal = journal;
  }

  void assigned(Token token) {
    assertThat(results.contains(token)).as("%s, which had completed", token).isFalse();
    count("assigned");
  }

  void answered(Token token, Command report, Reply reply) {
    if (!reply.isDone()) {
      assertThat(reply.refusal()).isEqualTo(Code.STALE_ATTEMPT);
      count("stale");
    } else if (report instanceof Command.CompleteTask) {
      results.add(token);
      count("results");
      checkResult(token);
    }
  }

  private void checkResult(Token token) {
    assertThat(journal.hasResult(token.key(), token.task(), token.attempt()))
        .as("result of %s is durable", token)
        .isTrue();
  }

  void startAnswered(ExecutionKey key, Reply reply) {
    assertThat(reply.isDone()).as("start of %s", key).isTrue();
    assertThat(journal.state(key)).as("%s, whose start was acknowledged", key).isNotNull();
    started.add(key);
  }

  void pauseAnswered(ExecutionKey key, String commandId, Reply reply) {
    if (reply.isDone() && reply.changed()) {
      assertThat(journal.hasPause(key, commandId)).as("pause of %s is durable", key).isTrue();
      count("pauses");
    }
  }

  void signalAnswered(ExecutionKey key, String id, Reply reply) {
    if (reply.isDone() && reply.changed()) {
      assertThat(journal.hasSignal(key, id)).as("signal of %s is durable", key).isTrue();
      count("signals");
    }
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  Set<ExecutionKey> started() {
    return started;
  }

  Map<String, Integer> counts() {
    return counts;
  }

  /** At the end: what was acknowledged is there, and every execution has ended. */
  void validate() {
    results.forEach(this::checkResult);
    for (ExecutionKey key : started) {
      var state = journal.load(key);
      assertThat(state).isNotNull();
      assertThat(state.status().isEnded()).as("%s ended: %s", key, state).isTrue();
      count(state.status().name());
    }
  }
}
