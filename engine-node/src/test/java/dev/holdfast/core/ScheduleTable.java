package dev.holdfast.core;

import static dev.holdfast.core.Given.fireTimers;
import static dev.holdfast.core.Given.noSchedule;

import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.core.Rejection.Code;
import dev.holdfast.core.ScheduleCommand.BeginFiring;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleCommand.SwitchSchedule;
import dev.holdfast.core.TransitionTable.Nothing;
import dev.holdfast.core.TransitionTable.Refused;
import dev.holdfast.core.TransitionTable.Row;
import dev.holdfast.core.TransitionTable.Rows;
import dev.holdfast.core.TransitionTable.To;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What each command does in each status of a schedule. */
final class ScheduleTable {
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final Instant FIRST = Given.T0.plus(MINUTE);
  static final ScheduleSpec EVERY_MINUTE = ScheduleSpec.of("* * * * *", "report");
  static final Command SET = new SetSchedule(Given.SCHEDULE, EVERY_MINUTE, "ann");
  static final Command CHANGE =
      new SetSchedule(Given.SCHEDULE, EVERY_MINUTE.zone("Europe/Berlin"), "bob");
  static final Command PAUSE = turn("p", ScheduleStatus.PAUSED);
  static final Command RESUME = turn("r", ScheduleStatus.ACTIVE);
  static final Command DELETE = turn("d", ScheduleStatus.DELETED);
  static final Command BEGIN = new BeginFiring(FIRST, 17, 3);
  static final Command COMPLETED =
      new Command.TellOfChild(FIRST.toString(), 1, new ChildReport.Completed("out"));
  static final Refused NOT_FOUND = new Refused(Code.EXECUTION_NOT_FOUND);
  private static final Nothing NOTHING = new Nothing();

  private ScheduleTable() {}

  static SwitchSchedule turn(String commandId, ScheduleStatus to) {
    return new SwitchSchedule(commandId, to, "ann", "a look");
  }

  static Set<Class<?>> commands() {
    return Set.of(
        SetSchedule.class,
        SwitchSchedule.class,
        BeginFiring.class,
        Command.FireTimers.class,
        Command.TellOfChild.class);
  }

  private static To to(Enum<?> status) {
    return new To(status);
  }

  private static Given active() {
    return noSchedule().and(SET);
  }

  /** Its first time has come. */
  private static Given waiting() {
    return active().after(MINUTE).and(fireTimers());
  }

  private static Given running() {
    return waiting().and(BEGIN);
  }

  static List<Row> rows() {
    var rows = new Rows(null);
    var active = to(ScheduleStatus.ACTIVE);
    var paused = to(ScheduleStatus.PAUSED);
    rows.row(noSchedule(), SET, active);
    for (Command command : List.of(PAUSE, RESUME, DELETE, BEGIN, fireTimers(), COMPLETED)) {
      rows.row(noSchedule(), command, NOT_FOUND);
    }
    rows.row(active(), SET, NOTHING, "same content");
    rows.row(active(), CHANGE, active, "other content");
    rows.row(active(), PAUSE, paused, "pause");
    rows.row(active(), RESUME, NOTHING, "resume");
    rows.row(active(), DELETE, to(ScheduleStatus.DELETED), "delete");
    rows.row(active(), BEGIN, NOTHING, "nothing waits");
    rows.row(waiting(), BEGIN, active, "the time has come");
    rows.row(running(), BEGIN, NOTHING, "it was begun");
    rows.row(active(), fireTimers(), NOTHING, "nothing due");
    rows.row(active().after(MINUTE), fireTimers(), active, "a time has come");
    rows.row(active(), COMPLETED, NOTHING, "nothing runs");
    rows.row(running(), COMPLETED, active, "what runs has ended");

    rows.row(active().and(PAUSE), SET, NOTHING, "same content");
    rows.row(active().and(PAUSE), CHANGE, paused, "other content");
    rows.row(active().and(PAUSE), turn("p2", ScheduleStatus.PAUSED), NOTHING, "pause");
    rows.row(active().and(PAUSE), RESUME, active, "resume");
    rows.row(active().and(PAUSE), DELETE, to(ScheduleStatus.DELETED), "delete");
    rows.row(waiting().and(PAUSE), BEGIN, NOTHING);
    rows.row(active().and(PAUSE).after(MINUTE), fireTimers(), NOTHING);
    rows.row(running().and(PAUSE), COMPLETED, paused, "what runs has ended");

    rows.row(active().and(DELETE), SET, active, "begins anew");
    for (Command command : List.of(PAUSE, RESUME)) {
      rows.row(active().and(DELETE), command, NOT_FOUND, command == PAUSE ? "pause" : "resume");
    }
    rows.row(active().and(DELETE), DELETE, NOTHING, "delete");
    rows.row(waiting().and(DELETE), BEGIN, NOTHING);
    rows.row(active().and(DELETE).after(MINUTE), fireTimers(), NOTHING);
    rows.row(running().and(DELETE), COMPLETED, NOTHING);
    return rows.rows();
  }
}
