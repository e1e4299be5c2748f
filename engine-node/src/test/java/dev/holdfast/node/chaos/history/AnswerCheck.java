package dev.holdfast.node.chaos.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The answers that clients were given, held to one execution's final history. */
final class AnswerCheck {
  private final String execution;
  private final List<Happened> history;
  private final Consumer<String> wrong;

  AnswerCheck(String execution, List<Happened> history, Consumer<String> wrong) {
    this.execution = execution;
    this.history = history;
    this.wrong = wrong;
  }

  void check(List<Fact> facts) {
    var calls = new HashMap<Asked, List<Fact.Call>>();
    for (Fact fact : facts) {
      switch (fact) {
        case Fact.Call call ->
            calls.computeIfAbsent(call.asked(), asked -> new ArrayList<>()).add(call);
        case Fact.Read read -> read(read);
        case Fact.End end -> end(end);
        case Fact.Handed ignored -> {}
        case Fact.Denied ignored -> {}
      }
    }
    calls.forEach(this::answered);
    new OrderCheck(execution, history, wrong).check(facts);
  }

  /** All answers to the same question: it may have been asked again. */
  private void answered(Asked asked, List<Fact.Call> calls) {
    long times = history.stream().filter(eventOf(asked)).count();
    boolean mayBe = calls.stream().anyMatch(call -> call.answer() != Answer.REFUSED);
    if (times > 1) {
      wrong.accept("%s is there %d times after %s".formatted(asked, times, said(calls)));
    }
    if (times > 0 && !mayBe) {
      wrong.accept(asked + " is there, though it was refused: " + said(calls));
    }
    if (times == 0 && calls.stream().anyMatch(call -> call.answer() == Answer.OK)) {
      if (!hadNoEffect(asked)) {
        wrong.accept(asked + " was acknowledged and is not there: " + said(calls));
      }
    }
  }

  private static Predicate<Happened> eventOf(Asked asked) {
    return switch (asked) {
      case Asked.Start start -> event -> event.type().equals("ExecutionStarted");
      case Asked.Complete result ->
          event -> event.type().equals("TaskCompleted") && event.mark().equals(result.mark());
      case Asked.Fail failure ->
          event ->
              event.type().equals("AttemptFailed")
                  && event.task().equals(failure.task())
                  && event.attempt() == failure.attempt()
                  && event.fields().path("outcome").asString("").equals("error");
      case Asked.Signal signal ->
          event -> event.type().equals("SignalReceived") && event.text("id").equals(signal.id());
      case Asked.Control control ->
          event ->
              event.type().equals(control.action().event())
                  && event.reason().equals(control.reason());
    };
  }

  /** Whether there may have been nothing to do: it was paused, or cancelled, already. */
  private boolean hadNoEffect(Asked asked) {
    return asked instanceof Asked.Control control
        && control.action() != Asked.Action.RESUME
        && history.stream()
            .anyMatch(event ->
                event.type().equals(control.action().event())
                    && !event.reason().equals(control.reason()));
  }

  private void read(Fact.Read read) {
    if (read.seq() > history.size()) {
      wrong.accept("%s: seq %d was read and is not there".formatted(execution, read.seq()));
    } else if (!history.get((int) read.seq() - 1).hash().equals(read.hash())) {
      wrong.accept("%s: another event is at seq %d than was read".formatted(execution, read.seq()));
    }
  }

  private void end(Fact.End end) {
    Happened last = history.getLast();
    boolean same = last.isEnd() && last.endStatus().equals(end.status());
    if (!same || (end.seq() > 0 && last.seq() != end.seq())) {
      wrong.accept(
          "%s was seen to end %s at seq %d, but its last event is %s at seq %d"
              .formatted(execution, end.status(), end.seq(), last.type(), last.seq()));
    }
  }

  private static Map<String, Integer> said(List<Fact.Call> calls) {
    var said = new HashMap<String, Integer>();
    calls.forEach(call -> said.merge(call.answer() + " " + call.detail(), 1, Integer::sum));
    return said;
  }
}
