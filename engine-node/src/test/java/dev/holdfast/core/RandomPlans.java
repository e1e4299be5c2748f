package dev.holdfast.core;

import static dev.holdfast.core.PlannedTask.OnParentClose.ABANDON;
import static dev.holdfast.core.PlannedTask.OnParentClose.CANCEL;

import dev.holdfast.core.PlanBuilder.TaskBuilder;
import dev.holdfast.core.PlannedTask.Hook;
import dev.holdfast.core.PlannedTask.Join;
import dev.holdfast.core.PlannedTask.OnFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random plans: graphs without cycles, with all that a task can have. */
public final class RandomPlans {
  /** The same for all, since executions of one key are compared by their own. */
  private static final int SLOTS = 1;

  private final RandomGenerator random;
  private boolean withKeys;

  public RandomPlans(RandomGenerator random) {
    this.random = random;
  }

  /** Some of the plans have a concurrency key from here on. */
  public RandomPlans withConcurrencyKeys() {
    withKeys = true;
    return this;
  }

  /** A plan of 1 to {@code tasksMax} tasks. */
  public Plan next(int tasksMax) {
    int count = 1 + random.nextInt(tasksMax);
    var builder =
        PlanBuilder.of()
            .variables(Map.of("n", (long) random.nextInt(100)))
            .timeout(
                Duration.ofSeconds(
                    chance(0.1) ? 10 + random.nextInt(100) : 600 + random.nextInt(20_000)));
    for (int i = 0; i < count; i++) {
      int index = i;
      builder.task("t" + i, task -> describe(task, index, count));
    }
    if (chance(0.15)) {
      builder.hook(Hook.SETUP, task -> beside(task, OnFailure.FAIL));
    }
    if (chance(0.25)) {
      builder.hook(Hook.ON_PAUSE, task -> beside(task, OnFailure.CONTINUE));
    }
    if (chance(0.25)) {
      builder.hook(Hook.ON_RESUME, task -> beside(task, OnFailure.FAIL));
    }
    if (chance(0.25)) {
      builder.hook(Hook.TEARDOWN, task -> beside(task, OnFailure.CONTINUE));
    }
    if (withKeys && chance(0.2)) {
      OnLimit onLimit = chance(0.8) ? OnLimit.QUEUE : OnLimit.CANCEL_RUNNING;
      long keys = 1 + random.nextInt(2);
      builder.concurrency(
          // Not a parent's own: it would wait for its child, and that for its slot.
          scope -> scope.state().header().depth() + "/" + scope.state().key().hashCode() % keys,
          SLOTS,
          onLimit);
    }
    if (chance(0.2)) {
      builder.output(scope -> value(scope, 0.05));
    }
    return builder.build();
  }

  private TaskBuilder describe(TaskBuilder task, int index, int count) {
    int needs = index == 0 ? 0 : random.nextInt(Math.min(index, 3) + 1);
    for (int i = 0; i < needs; i++) {
      task.needs("t" + random.nextInt(index));
    }
    task.join(pick(Join.ANY, Join.ANY, Join.ANY, Join.ALL, Join.ALWAYS));
    if (index < count - 2 && chance(0.15)) {
      decision(task, index, count);
    } else if (chance(0.15)) {
      int most = 1 + random.nextInt(6);
      task.forEach(scope -> list(scope, most), 1 + random.nextInt(4), chance(0.05) ? 1 : most);
      if (most < 4 && chance(0.5)) {
        child(task);
      }
    } else if (chance(0.15)) {
      task.spawn(1 + random.nextInt(4));
    } else if (chance(0.1)) {
      gates(task);
    } else if (chance(0.15)) {
      child(task);
    }
    if (chance(0.15)) {
      double no = random.nextDouble();
      task.when("maybe", scope -> condition(scope, no));
    }
    if (chance(0.3)) {
      task.input(scope -> value(scope, 0.01));
    }
    if (chance(0.2)) {
      task.set("v" + random.nextInt(3), scope -> value(scope, 0.01));
    }
    task.timeout(Duration.ofSeconds(10 + random.nextInt(2000)));
    task.retry(
        new RetryPolicy(
            2 + random.nextInt(3),
            Duration.ofMillis(random.nextInt(3000)),
            1 + random.nextInt(3),
            Duration.ofMinutes(1),
            random.nextDouble(),
            chance(0.3) ? Set.of("fatal") : Set.of()));
    if (chance(0.2)) {
      task.compensate(undo -> beside(undo, OnFailure.CONTINUE));
    }
    OnFailure fatal = chance(0.5) ? OnFailure.COMPENSATE : OnFailure.FAIL;
    return task.onFailure(chance(0.4) ? OnFailure.CONTINUE : fatal);
  }

  private void child(TaskBuilder task) {
    task.workflow("sub" + random.nextInt(5), chance(0.3) ? ABANDON : CANCEL);
  }

  private TaskBuilder beside(TaskBuilder task, OnFailure onFailure) {
    if (chance(0.3)) {
      task.input(scope -> value(scope, 0.05));
    }
    return task.timeout(Duration.ofSeconds(10 + random.nextInt(2000)))
        .retry(chance(0.5) ? PlanBuilder.THRICE : PlanBuilder.ONCE)
        .onFailure(onFailure);
  }

  private void gates(TaskBuilder task) {
    if (chance(0.5)) {
      task.delay(Duration.ofMillis(1 + random.nextInt(100_000)));
    }
    if (chance(0.5)) {
      task.waitFor("go" + random.nextInt(2), chance(0.5) ? seconds(5000) : null);
    }
    if (chance(0.5)) {
      task.approval(
          chance(0.5) ? seconds(5000) : null,
          chance(0.3) ? new String[] {"finance"} : new String[0]);
    }
    if (chance(0.3)) {
      task.unmanned();
    }
  }

  private Duration seconds(int most) {
    return Duration.ofSeconds(10 + random.nextInt(most));
  }

  private void decision(TaskBuilder task, int index, int count) {
    int cases = 1 + random.nextInt(2);
    for (int i = 0; i < cases; i++) {
      double no = random.nextDouble();
      task.choice("case" + i, scope -> condition(scope, no), later(index, count));
    }
    if (chance(0.7)) {
      task.otherwise(later(index, count));
    }
  }

  private String[] later(int index, int count) {
    List<String> ids = new ArrayList<>();
    for (int i = random.nextInt(2); i < 2; i++) {
      ids.add("t" + (index + 1 + random.nextInt(count - index - 1)));
    }
    return ids.stream().distinct().toArray(String[]::new);
  }

  /** True, false, or a failure: always the same of the same state. */
  private static boolean condition(Scope scope, double no) {
    double here = of(scope);
    if (here < 0.01) {
      throw new ExpressionException("unlucky");
    }
    return here > no;
  }

  private static @Nullable Object value(Scope scope, double failing) {
    double here = of(scope);
    if (here < failing) {
      throw new ExpressionException("unlucky");
    }
    return here < 0.2 ? null : Map.of("value", here, "of", List.of(scope.state().key().id()));
  }

  /** A list of up to so many items, or a failure. */
  private static @Nullable Object list(Scope scope, int most) {
    double here = of(scope);
    if (here < 0.01) {
      return "no list";
    }
    int size = (int) (here * 1000) % (most + 1);
    return IntStream.range(0, size).mapToObj(i -> Map.of("item", (long) i)).toList();
  }

  /** A number in [0, 1) that hangs on what the expression can see. */
  private static double of(Scope scope) {
    long hash = scope.state().variables().hashCode() * 31L + scope.state().key().hashCode();
    for (TaskState task : scope.state().tasks()) {
      hash = hash * 31 + task.status().ordinal();
      hash = hash * 31 + (task.output() == null ? 0 : task.output().hashCode());
    }
    long mixed = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
    return (mixed >>> 11) * 0x1p-53;
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  private Join pick(Join... joins) {
    return joins[random.nextInt(joins.length)];
  }
}
