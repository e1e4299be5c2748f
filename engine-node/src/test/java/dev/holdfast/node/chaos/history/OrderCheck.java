package dev.holdfast.node.chaos.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * What must not happen after an answer: a later attempt of a task that was acknowledged to be
 * complete, work begun while an acknowledged pause holds, an acknowledged start that is denied.
 */
final class OrderCheck {
  private final String execution;
  private final List<Happened> history;
  private final Consumer<String> wrong;

  OrderCheck(String execution, List<Happened> history, Consumer<String> wrong) {
    this.execution = execution;
    this.history = history;
    this.wrong = wrong;
  }

  void check(List<Fact> facts) {
    var calls = new ArrayList<Fact.Call>();
    var handed = new ArrayList<Fact.Handed>();
    var denied = new ArrayList<Fact.Denied>();
    for (Fact fact : facts) {
      switch (fact) {
        case Fact.Call call -> calls.add(call);
        case Fact.Handed one -> handed.add(one);
        case Fact.Denied one -> denied.add(one);
        case Fact.Read ignored -> {}
        case Fact.End ignored -> {}
      }
    }
    handed.forEach(this::handedOut);
    runAgain(calls, handed);
    heldBack(calls, handed);
    denied(calls, handed, denied);
  }

  /** Nobody is handed an attempt that is not on the disk. */
  private void handedOut(Fact.Handed one) {
    if (history.stream().noneMatch(event -> isStartOf(event, one))) {
      wrong.accept(
          "%s: attempt %d of task %s was handed to %s and is not there"
              .formatted(execution, one.attempt(), one.task(), one.worker()));
    }
  }

  private static boolean isStartOf(Happened event, Fact.Handed one) {
    return event.type().equals("TaskStarted")
        && event.task().equals(one.task())
        && event.attempt() == one.attempt()
        && event.fields().path("worker").asString("").equals(one.worker());
  }

  private void runAgain(List<Fact.Call> calls, List<Fact.Handed> handed) {
    var completed = new HashMap<String, Fact.Call>();
    for (Fact.Call call : calls) {
      if (call.asked() instanceof Asked.Complete result && call.answer() == Answer.OK) {
        Fact.Call other = completed.merge(result.task(), call, OrderCheck::earlier);
        if (other.asked() instanceof Asked.Complete first && !first.equals(result)) {
          wrong.accept(execution + ": both " + first + " and " + result + " were acknowledged");
        }
      }
    }
    for (Fact.Handed one : handed) {
      Fact.Call call = completed.get(one.task());
      if (call != null
          && call.asked() instanceof Asked.Complete result
          && one.attempt() > result.attempt()
          && one.atNanos() > call.answeredNanos()) {
        wrong.accept(
            "%s: attempt %d of task %s was handed out after attempt %d's result was acknowledged"
                .formatted(execution, one.attempt(), one.task(), result.attempt()));
      }
    }
  }

  private static Fact.Call earlier(Fact.Call one, Fact.Call other) {
    return one.answeredNanos() <= other.answeredNanos() ? one : other;
  }

  /**
   * An acknowledged pause holds until something that may have ended it was asked for: nothing that
   * was begun after it is handed out in between. What had begun before may still arrive.
   */
  private void heldBack(List<Fact.Call> calls, List<Fact.Handed> handed) {
    calls.stream()
        .filter(call -> isControl(call, Asked.Action.PAUSE) && call.answer() == Answer.OK)
        .forEach(pause -> {
          long until =
              calls.stream()
                  .filter(call -> isControl(call, Asked.Action.RESUME))
                  .filter(call -> call.answeredNanos() > pause.answeredNanos())
                  .map(Fact.Call::askedNanos)
                  .min(Comparator.naturalOrder())
                  .orElse(Long.MAX_VALUE);
          long pausedAt = seqOfPause(pause);
          handed.stream()
              .filter(one -> one.atNanos() > pause.answeredNanos() && one.atNanos() < until)
              .filter(one -> startedAt(one) > pausedAt)
              .forEach(one ->
                  wrong.accept(
                      "%s: attempt %d of task %s was begun and handed out while %s held"
                          .formatted(execution, one.attempt(), one.task(), pause.asked())));
        });
  }

  private long seqOfPause(Fact.Call pause) {
    if (pause.asked() instanceof Asked.Control control) {
      for (Happened event : history) {
        if (event.type().equals("PauseRequested") && event.reason().equals(control.reason())) {
          return event.seq();
        }
      }
    }
    return Long.MAX_VALUE;
  }

  /** Where the attempt began; 0: nowhere, which is a fault of its own. */
  private long startedAt(Fact.Handed one) {
    return history.stream()
        .filter(event -> isStartOf(event, one))
        .mapToLong(Happened::seq)
        .findFirst()
        .orElse(0);
  }

  private static boolean isControl(Fact.Call call, Asked.Action action) {
    return call.asked() instanceof Asked.Control control && control.action() == action;
  }

  /** A child, or what a schedule begins, is known to be there once an agent has a task of it. */
  private void denied(List<Fact.Call> calls, List<Fact.Handed> handed, List<Fact.Denied> denied) {
    long startedNanos =
        LongStream.concat(
                calls.stream()
                    .filter(call -> call.asked() instanceof Asked.Start)
                    .filter(call -> call.answer() == Answer.OK)
                    .mapToLong(Fact.Call::answeredNanos),
                handed.stream().mapToLong(Fact.Handed::atNanos))
            .min()
            .orElse(Long.MAX_VALUE);
    for (Fact.Denied one : denied) {
      if (one.askedNanos() > startedNanos) {
        wrong.accept(execution + " was denied after its start was acknowledged: " + one.detail());
      }
    }
  }
}
