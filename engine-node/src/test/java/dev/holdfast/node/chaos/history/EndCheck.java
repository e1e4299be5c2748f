package dev.holdfast.node.chaos.history;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What nobody wanted cancelled, itself or an execution that it is a child of, completes. */
final class EndCheck {
  private final Set<String> mayBeCancelled;
  private final Consumer<String> wrong;

  EndCheck(Recorded recorded, Consumer<String> wrong) {
    this.wrong = wrong;
    mayBeCancelled =
        recorded
            .of(Fact.Call.class)
            .filter(call -> call.answer() != Answer.REFUSED)
            .filter(call ->
                call.asked() instanceof Asked.Control control
                    && control.action() == Asked.Action.CANCEL)
            .map(Fact::execution)
            .collect(Collectors.toSet());
  }

  void check(String execution, List<Happened> history) {
    Happened last = history.getLast();
    if (!last.isEnd() || last.is("ExecutionCompleted")) {
      return;
    }
    boolean cancelled =
        last.is("ExecutionCancelled") && mayBeCancelled.contains(execution.split("/", 2)[0]);
    if (!cancelled) {
      wrong.accept("%s ended with %s".formatted(execution, last.fields()));
    }
  }
}
