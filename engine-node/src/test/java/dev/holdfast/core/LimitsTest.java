package dev.holdfast.core;

import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Rejection.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitsTest {
  /** A value of so many bytes. */
  private static String bytes(long size) {
    return "x".repeat((int) size - 2);
  }

  private static Command startWith(Plan plan, Object input, Map<String, String> attributes) {
    return new Command.StartExecution(
        plan, Given.KEY, input, attributes, null, 5, null, "digest", "ann");
  }

  private static Plan plan(int tasks) {
    var builder = PlanBuilder.of();
    for (int i = 0; i < tasks; i++) {
      builder.task("t" + i);
    }
    return builder.build();
  }

  @Test
  void tasks() {
    Plan atLimit = plan(Limits.TASKS_MAX);
    Given given = Given.nothing(atLimit).and(startWith(atLimit, null, Map.of()));
    assertThat(given.events()).hasSize(1 + Limits.TASKS_MAX);
    Plan over = plan(Limits.TASKS_MAX + 1);
    Given.nothing(over)
        .when(startWith(over, null, Map.of()))
        .rejects(Code.LIMIT_EXCEEDED, "TASKS_MAX is 1000");
  }

  @Test
  void inputOfTheExecution() {
    Plan plan = plan(1);
    Given.nothing(plan).and(startWith(plan, bytes(Limits.PAYLOAD_BYTES_MAX), Map.of()));
    Given.nothing(plan)
        .when(startWith(plan, bytes(Limits.PAYLOAD_BYTES_MAX + 1), Map.of()))
        .rejects(Code.LIMIT_EXCEEDED, "PAYLOAD_BYTES_MAX is 1048576");
  }

  @Test
  void attributes() {
    Plan plan = plan(1);
    var attributes = new LinkedHashMap<String, String>();
    for (int i = 0; i < Limits.ATTRIBUTES_MAX; i++) {
      attributes.put("k" + i, "v");
    }
    Given.nothing(plan).and(startWith(plan, null, attributes));
    attributes.put("one more", "v");
    Given.nothing(plan)
        .when(startWith(plan, null, attributes))
        .rejects(Code.LIMIT_EXCEEDED, "ATTRIBUTES_MAX is 32");
  }

  @Test
  void outputOfATask() {
    given(PlanBuilder.of("a"))
        .and(start("a", 1))
        .when(complete("a", 1, bytes(Limits.PAYLOAD_BYTES_MAX + 1)))
        .rejects(Code.LIMIT_EXCEEDED, "PAYLOAD_BYTES_MAX is 1048576")
        .and(complete("a", 1, bytes(Limits.PAYLOAD_BYTES_MAX)));
  }

  @Test
  void stateByOutputs() {
    var builder = PlanBuilder.of();
    for (int i = 0; i < 11; i++) {
      builder.task("t" + i);
    }
    Given given = given(builder);
    for (int i = 0; i < 9; i++) {
      given.and(start("t" + i, 1), complete("t" + i, 1, bytes(Limits.PAYLOAD_BYTES_MAX)));
    }
    long left = Limits.STATE_BYTES_MAX - given.state().payloadBytes();
    given
        .and(start("t9", 1))
        .when(complete("t9", 1, bytes(left + 1)))
        .rejects(Code.LIMIT_EXCEEDED, "STATE_BYTES_MAX is 10485760");
    assertThat(given.task("t9").status()).isEqualTo(TaskStatus.RUNNING);
    given.and(complete("t9", 1, bytes(left)));
    assertThat(given.state().payloadBytes()).isEqualTo(Limits.STATE_BYTES_MAX);
    given.and(Given.cancel("c1"));
    assertThat(given.state().status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void stateThatHasGrownLargeIsToldOnce() {
    var builder = PlanBuilder.of();
    for (int i = 0; i < 11; i++) {
      builder.task("t" + i);
    }
    Given given = given(builder);
    for (int i = 0; i < 7; i++) {
      given.and(start("t" + i, 1), complete("t" + i, 1, bytes(Limits.PAYLOAD_BYTES_MAX)));
    }
    long left = Limits.STATE_BYTES_LARGE - given.state().payloadBytes();
    given
        .and(start("t7", 1), start("t8", 1), start("t9", 1))
        .when(complete("t7", 1, bytes(left - 1)))
        .then(new Event.TaskCompleted("t7", 1, bytes(left - 1)));
    given
        .when(Given.signal("s1", "more", null))
        .then(new Event.SignalReceived("s1", "more", null, "shop"));
    given
        .when(complete("t8", 1, bytes(100)))
        .then(
            new Event.TaskCompleted("t8", 1, bytes(100)),
            new Event.StateGrewLarge(Limits.STATE_BYTES_LARGE + 99, Limits.STATE_BYTES_MAX));
    assertThat(given.state().large()).isTrue();
    given.when(complete("t9", 1, bytes(100))).then(new Event.TaskCompleted("t9", 1, bytes(100)));
  }

  @Test
  void endOfAnExecutionIsItsLastEventHoweverLarge() {
    var builder = PlanBuilder.of();
    for (int i = 0; i < 9; i++) {
      builder.task("t" + i);
    }
    Given given = given(builder.output(s -> null));
    for (int i = 0; i < 7; i++) {
      given.and(start("t" + i, 1), complete("t" + i, 1, bytes(Limits.PAYLOAD_BYTES_MAX)));
    }
    given.and(start("t7", 1), complete("t7", 1, bytes(1000)), start("t8", 1));
    given
        .when(complete("t8", 1, bytes(Limits.PAYLOAD_BYTES_MAX)))
        .then(
            new Event.TaskCompleted("t8", 1, bytes(Limits.PAYLOAD_BYTES_MAX)),
            new Event.ExecutionCompleted(null));
  }

  @Test
  void inputOfATask() {
    Given given =
        given(PlanBuilder.of().task("a", t -> t.input(s -> bytes(Limits.PAYLOAD_BYTES_MAX))));
    assertThat(given.task("a").status()).isEqualTo(TaskStatus.READY);
    given =
        given(PlanBuilder.of().task("a", t -> t.input(s -> bytes(Limits.PAYLOAD_BYTES_MAX + 1))));
    assertThat(given.state().error().type()).isEqualTo("limit-exceeded");
    assertThat(given.state().error().message()).contains("PAYLOAD_BYTES_MAX is 1048576");
  }

  @Test
  void stateByInputs() {
    var builder = PlanBuilder.of();
    for (int i = 0; i < 11; i++) {
      builder.task("t" + i, t -> t.input(s -> bytes(Limits.PAYLOAD_BYTES_MAX)));
    }
    Given given = given(builder);
    assertThat(given.state().error().type()).isEqualTo("limit-exceeded");
    assertThat(given.state().error().message()).contains("STATE_BYTES_MAX is 10485760");
  }

  @Test
  void executionsOwnInputIsCountedOnce() {
    Plan plan = plan(100);
    Given given = Given.nothing(plan).and(startWith(plan, bytes(1 << 20), Map.of()));
    assertThat(given.state().payloadBytes()).isEqualTo((1 << 20) + 2);
  }

  @Test
  void variables() {
    var builder =
        PlanBuilder.of()
            .task("a", t -> t.set("v", Scope::output))
            .task("b", t -> t.needs("a").set("w", Scope::output));
    Given given =
        given(builder)
            .and(start("a", 1), complete("a", 1, bytes(1 << 19)), start("b", 1))
            .and(complete("b", 1, bytes(1 << 19)));
    assertThat(given.state().error().type()).isEqualTo("limit-exceeded");
    assertThat(given.state().error().message()).contains("the variables", "PAYLOAD_BYTES_MAX");
  }

  @Test
  void outputOfTheExecution() {
    Given given =
        given(PlanBuilder.of("a").output(s -> bytes(Limits.PAYLOAD_BYTES_MAX + 1)))
            .and(start("a", 1), complete("a", 1, null));
    assertThat(given.state().error().message()).contains("PAYLOAD_BYTES_MAX");
  }

  @Test
  void bytesAreGivenBackWhenInputsAreNoLongerNeeded() {
    Given given =
        given(PlanBuilder.of().task("a", t -> t.input(s -> bytes(1000)).set("v", s -> "12345678")));
    long before = Sizes.of(Map.of("n", 1L)) + Sizes.of(Map.of());
    assertThat(given.state().payloadBytes()).isEqualTo(before + 1000);
    given.and(start("a", 1), complete("a", 1, bytes(10)));
    assertThat(given.state().payloadBytes())
        .isEqualTo(Sizes.of(Map.of("n", 1L)) + Sizes.of(Map.of("v", "12345678")) + 10);
  }

  @Test
  void rememberedCommands() {
    Given given = given(PlanBuilder.of("a"));
    for (int i = 0; i < Limits.RECENT_COMMANDS_MAX; i++) {
      given.and(i % 2 == 0 ? Given.pause("c" + i, PauseMode.GRACEFUL) : Given.resume("c" + i));
    }
    assertThat(given.state().recentCommands()).hasSize(Limits.RECENT_COMMANDS_MAX).contains("c0");
    given.and(Given.pause("more", PauseMode.GRACEFUL));
    assertThat(given.state().recentCommands())
        .hasSize(Limits.RECENT_COMMANDS_MAX)
        .doesNotContain("c0");
  }
}
