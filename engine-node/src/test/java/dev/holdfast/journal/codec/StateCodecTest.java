package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.ChildReport;
import dev.holdfast.core.ChildRun;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.ExpressionException;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ParentWish;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlanBuilder;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.Slot;
import dev.holdfast.core.TaskState;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.Plans;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class StateCodecTest {
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

  @Test
  void randomStatesComeBack() {
    for (int round = 0; round < 200; round++) {
      long seed = 91 + round;
      var random = new SplittableRandom(seed);
      Plan plan =
          switch (round % 3) {
            case 0 -> Plans.chain("c", 4);
            case 1 -> Plans.fan("f", 5);
            default -> Plans.lists("l", 3);
          };
      Driven one = Driven.of(plan, "x");
      for (int step = 0; step < 60; step++) {
        if (one.anything(random, AT.plusMillis(step)).isPresent()) {
          assertThat(StateCodec.decode(StateCodec.encode(one.state()), Plans.resolver(plan)))
              .as("seed %d", seed)
              .isEqualTo(one.state());
        }
      }
    }
  }

  @Test
  void whatItemsGaveIsWrittenOnce() {
    Plan plan = Plans.lists("l", 3);
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    String marker = "only-once-".repeat(20);
    one.apply(new Command.StartTask("t0[0]", 7, "w"), AT);
    one.apply(new Command.CompleteTask("t0[0]", 1, 7, marker), AT);
    String text = new String(StateCodec.encode(one.state()), StandardCharsets.ISO_8859_1);
    assertThat(text.split(marker, -1)).hasSize(2);
    one.finish(AT);
    ExecutionState ended = one.state();
    assertThat(ended.task("t0").output())
        .isEqualTo(List.of(marker, Map.of("ok", true), Map.of("ok", true)));
    byte[] bytes = StateCodec.encode(ended);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1).split(marker, -1)).hasSize(2);
    assertThat(StateCodec.decode(bytes, Plans.resolver(plan))).isEqualTo(ended);
  }

  @Test
  void gatesAndSignalsComeBack() {
    Plan plan =
        PlanBuilder.of()
            .task("delayed", t -> t.delay(Duration.ofHours(1)))
            .task("waiting", t -> t.waitFor("go", Duration.ofHours(2)))
            .task("patient", t -> t.waitFor("other", null))
            .task("asked", t -> t.approval(Duration.ofHours(3)).input(s -> "what"))
            .task("decided", t -> t.approval(null))
            .build();
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    one.apply(new Command.DecideApproval("c", "decided", true, "ann", List.of(), "ok", null), AT);
    one.apply(new Command.SendSignal("s-1", "kept", Map.of("n", 1L), "shop"), AT);
    one.apply(new Command.SendSignal("s-2", "kept", null, "shop"), AT);
    assertComesBack(one, plan);
    assertThat(one.state().signals().kept()).hasSize(2);
  }

  @Test
  void whatIsToComeComesBack() {
    Plan plan = PlanBuilder.of("a").setup().teardown().build();
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    assertComesBack(one, plan);
    one.apply(new Command.CancelExecution("c", "ann", null), AT);
    assertThat(one.state().closing()).isNotNull();
    assertComesBack(one, plan);
    one.apply(new Command.StartTask("teardown", 7, "w"), AT);
    one.apply(new Command.CompleteTask("teardown", 1, 7, "done"), AT);
    assertThat(one.state().closing()).isNull();
    assertComesBack(one, plan);
  }

  @Test
  void whatPausesAskForComesBack() {
    Plan plan = PlanBuilder.of("a").onPause().onResume().build();
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    var pause = dev.holdfast.api.PauseMode.GRACEFUL;
    one.apply(new Command.PauseExecution("c", pause, "ann", null), AT);
    assertThat(one.state().pause().parked()).isTrue();
    assertComesBack(one, plan);
    one.apply(new Command.ResumeExecution("d", "ann", null, false), AT);
    assertThat(one.state().plan().growth()).hasSize(2);
    assertComesBack(one, plan);
  }

  @Test
  void whatIsBeingUndoneComesBack() {
    Plan plan =
        PlanBuilder.of("x", "y")
            .task("a", t -> t.compensate())
            .task("b", t -> t.needs("a").onFailure(PlannedTask.OnFailure.COMPENSATE))
            .build();
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    one.apply(new Command.StartTask("a", 7, "w"), AT);
    one.apply(new Command.CompleteTask("a", 1, 7, "done"), AT);
    assertThat(one.state().undoable()).containsExactly("a");
    assertComesBack(one, plan);
    one.apply(new Command.StartTask("b", 8, "w"), AT);
    var oops = new dev.holdfast.api.TaskError("oops", "no");
    one.apply(new Command.FailTask("b", 1, 8, oops, false, null), AT);
    assertThat(one.state().task("a.compensate").input()).isEqualTo("done");
    assertComesBack(one, plan);
  }

  private static void assertComesBack(Driven one, Plan plan) {
    assertThat(StateCodec.decode(StateCodec.encode(one.state()), Plans.resolver(plan)))
        .isEqualTo(one.state());
  }

  @Test
  void thatAStateHasGrownLargeComesBackWithAndWithoutSignals() {
    Plan plan = PlanBuilder.of("a").build();
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    ExecutionState large = Evolver.evolve(one.state(), new Event.StateGrewLarge(1, 2), AT);
    assertThat(StateCodec.decode(StateCodec.encode(large), Plans.resolver(plan))).isEqualTo(large);
    one.apply(new Command.SendSignal("s-1", "kept", null, "shop"), AT);
    ExecutionState both = Evolver.evolve(one.state(), new Event.StateGrewLarge(1, 2), AT);
    assertThat(StateCodec.decode(StateCodec.encode(both), Plans.resolver(plan))).isEqualTo(both);
  }

  @Test
  void parentsAndChildrenComeBack() {
    Plan plan =
        PlanBuilder.of("a")
            .task("sub", t -> t.workflow("other"))
            .task("list", t -> t.forEach(s -> List.of("i")))
            .build();
    Driven one = Driven.of(plan, "x");
    var parent = new ParentLink("above", "t", 3, 2);
    one.apply(
        new Command.StartExecution(
            plan, one.key(), null, Map.of(), null, 5, null, "digest", "ann", parent),
        AT);
    one.apply(new Command.StartChild("sub", 5, 2), AT);
    one.apply(
        new Command.FollowParent(
            40, new ParentWish.Pause(PauseMode.GRACEFUL, AT.plusSeconds(9)), "ann", "why"),
        AT);
    one.apply(new Command.TellOfChild("sub", 1, new ChildReport.Paused()), AT);
    assertThat(one.state().pause().parentSeq()).isEqualTo(40);
    ExecutionState read = StateCodec.decode(StateCodec.encode(one.state()), Plans.resolver(plan));
    assertThat(read).isEqualTo(one.state());
    assertThat(read.header().parent()).isEqualTo(parent);
    assertThat(read.task("sub").runningAttempt().child()).isEqualTo(new ChildRun("x/sub", 2, true));
  }

  @Test
  void numbersThatGoOnInAListThatWasMadeAnewComeBack() {
    Plan plan =
        PlanBuilder.of()
            .task(
                "list",
                t ->
                    t.forEach(s -> List.of("i", "j"), 1, 9)
                        .workflow("sub")
                        .set(
                            "v",
                            s -> {
                              throw new ExpressionException("no");
                            }))
            .build();
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    for (String item : List.of("list[0]", "list[1]")) {
      one.apply(new Command.StartChild(item, 7, 1), AT);
      one.apply(new Command.TellOfChild(item, 1, new ChildReport.Completed("out")), AT);
    }
    assertComesBack(one, plan);
    one.apply(new Command.RetryExecution("r", "ann", null), AT);
    assertThat(one.state().task("list[1]").status()).isEqualTo(TaskStatus.PENDING);
    assertThat(one.state().task("list[1]").attemptCount()).isEqualTo(1);
    assertComesBack(one, plan);
  }

  @Test
  void largeStatesComeBackFromThreadsThatHaveWrittenNothingBefore() throws Exception {
    Plan plan = PlanBuilder.of("a").build();
    for (int chars : new int[] {3000, 5000, 20_000, 300_000}) {
      Driven one = Driven.of(plan, "x");
      one.apply(
          new Command.StartExecution(
              plan, one.key(), "x".repeat(chars), Map.of(), null, 5, null, "digest", "ann"),
          AT);
      var bytes = new FutureTask<>(() -> StateCodec.encode(one.state()));
      Thread.ofVirtual().start(bytes).join();
      assertThat(StateCodec.decode(bytes.get(), Plans.resolver(plan)))
          .as("%d characters", chars)
          .isEqualTo(one.state());
    }
  }

  @Test
  void slotsComeBack() {
    Plan plan = PlanBuilder.of("a").concurrency(s -> "acme", 3, OnLimit.REFUSE).build();
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    assertThat(one.state().slot()).isEqualTo(new Slot("acme", 3, OnLimit.REFUSE, AT, false));
    assertComesBack(one, plan);
    one.apply(new Command.GrantSlot(1, 2), AT);
    assertThat(one.state().slot().held()).isTrue();
    assertComesBack(one, plan);
  }

  @Test
  void pendingTasksAreOneObject() {
    Plan plan = Plans.chain("c", 3);
    Driven one = Driven.of(plan, "x");
    one.start(AT);
    var state = StateCodec.decode(StateCodec.encode(one.state()), Plans.resolver(plan));
    assertThat(state.tasks().getLast()).isSameAs(TaskState.PENDING);
  }

  @Test
  void stateOfAnotherDefinitionIsRefused() {
    Driven one = Driven.of(Plans.chain("c", 3), "x");
    one.start(AT);
    byte[] bytes = StateCodec.encode(one.state());
    assertThatThrownBy(() -> StateCodec.decode(bytes, Plans.resolver(Plans.chain("c", 2))))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("3 tasks");
  }

  @Test
  void sealedBytesComeBackAndShowDamage() {
    var random = new SplittableRandom(3);
    for (int length : new int[] {0, 1, 100, 127, 128, 5000, 200_000}) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : 'a');
      }
      byte[] sealed = Sealed.seal(bytes);
      assertThat(Sealed.open(sealed)).isEqualTo(bytes);
      assertThat(sealed.length).isLessThanOrEqualTo(length + 6);
      for (int round = 0; round < 100; round++) {
        byte[] damaged = sealed.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        assertThatThrownBy(() -> Sealed.open(damaged)).isInstanceOf(CodecException.class);
      }
    }
  }
}
