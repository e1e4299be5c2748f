package dev.holdfast.node.chaos.history;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that clients saw during a run. Thread-safe. */
public final class Recorded {
  private final Queue<Fact> facts = new ConcurrentLinkedQueue<>();

  public void add(Fact fact) {
    facts.add(fact);
  }

  public List<Fact> all() {
    return List.copyOf(facts);
  }

  /** The facts of one kind, in the order in which they were seen. */
  public <F extends Fact> Stream<F> of(Class<F> kind) {
    return facts.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** Calls of one kind with that answer. */
  public long count(Class<? extends Asked> kind, Answer answer) {
    return of(Fact.Call.class)
        .filter(call -> kind.isInstance(call.asked()) && call.answer() == answer)
        .count();
  }

  /** Executions that were asked for, however that was answered, or that anything was seen of. */
  public Set<String> executions() {
    return facts.stream().map(Fact::execution).collect(Collectors.toSet());
  }

  /** Executions whose start was acknowledged. */
  public Set<String> started() {
    return of(Fact.Call.class)
        .filter(call -> call.asked() instanceof Asked.Start && call.answer() == Answer.OK)
        .map(Fact::execution)
        .collect(Collectors.toSet());
  }
}
