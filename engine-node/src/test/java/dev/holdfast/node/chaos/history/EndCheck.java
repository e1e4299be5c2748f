package dev.holdfast.node.chaos.history;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What nobody wanted cancelled, itself or an execution that it is a child of, completes; but what a
 * newer one of its concurrency key took the place of.
 */
final class EndCheck {
  private final Set<String> mayBeCancelled;
  private final Set<String> replaced;
  private final Consumer<String> wrong;

  /**
   * @param replaced cancelled in favour of others
   */
  EndCheck(Recorded recorded, Set<String> replaced, Consumer<String> wrong) {
    this.wrong = wrong;
    this.replaced = replaced;
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
    String asked = execution.split("/", 2)[0];
    boolean cancelled =
        last.is("ExecutionCancelled")
            && (mayBeCancelled.contains(asked) || replaced.contains(asked));
    if (!cancelled) {
      wrong.accept("%s ended with %s".formatted(execution, last.fields()));
    }
  }
}
