package dev.holdfast.testkit;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.ScheduleCheck;
import dev.holdfast.core.ScheduleCommand;
import dev.holdfast.core.ScheduleViews;
import dev.holdfast.testkit.engine.Chronicle;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One schedule of a kit. Its times come while time runs: {@link TestKit#advance}. {@link
 * TestKit#runUntilIdle} doesn't wait for them, since there is no end to them.
 */
public final class KitSchedule {
  private static final String ACTOR = "test";

  private final TestKit kit;
  private final ExecutionKey key;

  KitSchedule(TestKit kit, ExecutionKey key) {
    this.kit = kit;
    this.key = key;
  }

  /** Its name. */
  public String name() {
    return ExecutionKey.scheduleOf(key.id());
  }

  /**
   * Makes it what it is to be from now on.
   *
   * @throws InvalidRequestException with everything that is wrong with it
   */
  public KitSchedule set(ScheduleSpec spec) {
    ScheduleSpec plain = spec.input(JsonConversion.of(spec.input()));
    List<ScheduleCheck.Fault> faults = ScheduleCheck.of(plain, kit.now());
    if (!faults.isEmpty()) {
      throw new InvalidRequestException(
          "invalid-schedule",
          faults.stream()
              .map(fault -> fault.field() + ' ' + fault.message())
              .collect(Collectors.joining("; ")));
    }
    Refusals.check(kit.engine().submit(key, new ScheduleCommand.SetSchedule(key, plain, ACTOR)));
    return this;
  }

  /**
   * How it stands.
   *
   * @throws NotFoundException when it was deleted, or never set
   */
  public ScheduleView view() {
    Chronicle chronicle = kit.engine().find(key);
    ExecutionState state = chronicle == null ? null : chronicle.state();
    return Optional.ofNullable(state)
        .flatMap(ScheduleViews::of)
        .orElseThrow(() -> new NotFoundException("schedule-not-found", "no schedule " + name()));
  }

  /** What it has begun so far, oldest first. */
  public List<KitExecution> executions() {
    String prefix = name() + '/';
    return kit.executions().stream()
        .filter(execution -> execution.id().startsWith(prefix))
        .filter(execution -> execution.id().indexOf('/', prefix.length()) < 0)
        .toList();
  }

  /** Begins nothing until it is resumed. */
  public void pause(@Nullable String reason) {
    turn(ScheduleStatus.PAUSED, reason);
  }

  /** Goes on with the next time. */
  public void resume() {
    turn(ScheduleStatus.ACTIVE, null);
  }

  /** Ends it; what it had begun goes on. */
  public void delete() {
    turn(ScheduleStatus.DELETED, null);
  }

  private void turn(ScheduleStatus to, @Nullable String reason) {
    Refusals.check(
        kit.engine()
            .submit(
                key, new ScheduleCommand.SwitchSchedule(kit.nextId("command"), to, ACTOR, reason)));
  }
}
