package dev.holdfast.journal.codec;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskStatus;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.ChildRun;
import dev.holdfast.core.Closing;
import dev.holdfast.core.ExecutionHeader;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.FanOut;
import dev.holdfast.core.Gate;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.Pause;
import dev.holdfast.core.Plan;
import dev.holdfast.core.PlannedTask;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.Signals;
import dev.holdfast.core.TaskState;
import dev.holdfast.journal.PlanResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whole states as bytes: what snapshots are made of. Thread-safe. */
public final class StateCodec {
  static final int FORMAT = 1;

  /** Those that every state has. */
  private static final int FIELDS = 16;

  private StateCodec() {}

  /** The state as CBOR. */
  public static byte[] encode(ExecutionState state) {
    CborWriter out = CborWriter.ofThread();
    boolean done = false;
    try {
      write(out, state);
      byte[] bytes = out.toBytes();
      done = true;
      return bytes;
    } finally {
      if (!done) {
        CborWriter.discard();
      }
    }
  }

  /**
   * @param plans for the definition that the state names
   * @throws CodecException when the bytes are damaged
   */
  public static ExecutionState decode(byte[] bytes, PlanResolver plans) {
    return CborReader.guarded("state", () -> read(new CborReader(bytes), plans));
  }

  private static void write(CborWriter out, ExecutionState state) {
    boolean signalled = !state.signals().equals(Signals.NONE);
    Closing closing = state.closing();
    Schedule schedule = state.schedule();
    int more =
        TrailingFields.count(
            signalled,
            state.large(),
            closing != null,
            !state.undoable().isEmpty(),
            state.slot() != null,
            schedule != null);
    out.array(FIELDS + more);
    out.number(FORMAT);
    header(out, state.header());
    out.number(Codes.EXECUTION_STATUS.code(state.status()));
    out.number(state.seq());
    out.instant(state.updatedAt());
    out.instant(state.endedAt());
    out.instant(state.deadline());
    out.value(state.variables());
    out.array(state.tasks().size());
    for (int i = 0; i < state.tasks().size(); i++) {
      task(out, state.plan().tasks().get(i), state.tasks().get(i));
    }
    out.end();
    out.number(state.openTasks());
    out.number(state.runningTasks());
    out.value(state.output());
    out.error(state.error());
    pause(out, state.pause());
    out.texts(state.recentCommands());
    out.number(state.payloadBytes());
    TrailingFields.write(out, signalled, more > 1, () -> GateCodec.write(out, state.signals()));
    TrailingFields.write(out, state.large(), more > 2, () -> flag(out));
    TrailingFields.write(
        out,
        closing != null,
        more > 3,
        () -> ClosingCodec.write(out, Objects.requireNonNull(closing)));
    TrailingFields.write(
        out,
        !state.undoable().isEmpty(),
        more > 4,
        () -> ClosingCodec.write(out, state.undoable()));
    TrailingFields.write(
        out,
        state.slot() != null,
        more > 5,
        () -> SlotCodec.write(out, Objects.requireNonNull(state.slot())));
    if (schedule != null) {
      ScheduleCodec.write(out, schedule);
    }
    out.end();
  }

  private static ExecutionState read(CborReader in, PlanResolver plans) {
    in.beginArray();
    in.format(FORMAT);
    ExecutionHeader header = header(in, plans);
    var more = new TrailingFields(in);
    var state =
        new ExecutionState(
            header,
            Codes.EXECUTION_STATUS.constant(in.number()),
            in.number(),
            in.instant(),
            in.instantOrNull(),
            in.instant(),
            in.values(),
            tasks(in, header),
            in.integer(),
            in.integer(),
            in.value(),
            in.errorOrNull(),
            pause(in),
            in.texts(),
            in.number(),
            Objects.requireNonNullElse(more.next(() -> GateCodec.signals(in)), Signals.NONE),
            more.next(() -> flag(in)) != null,
            more.next(() -> ClosingCodec.read(in)),
            Objects.requireNonNullElse(more.next(() -> ClosingCodec.undoable(in)), List.of()),
            more.next(() -> SlotCodec.read(in)),
            more.next(() -> ScheduleCodec.schedule(in)));
    more.end();
    in.expectEnd();
    if (state.tasks().size() != header.plan().tasks().size()) {
      throw new CodecException(
          "state has "
              + state.tasks().size()
              + " tasks, its definition "
              + header.plan()
              + " has "
              + header.plan().tasks().size());
    }
    return state;
  }

  /** Something that is so where the field is there: an empty array. */
  private static void flag(CborWriter out) {
    out.array(0);
    out.end();
  }

  private static boolean flag(CborReader in) {
    in.endArray();
    return true;
  }

  private static void header(CborWriter out, ExecutionHeader header) {
    boolean grown = !header.plan().growth().isEmpty();
    ParentLink parent = header.parent();
    out.array(parent != null ? 14 : grown ? 13 : 12);
    out.text(header.key().tenant());
    out.text(header.key().id());
    out.text(header.plan().name());
    out.number(header.plan().version());
    out.value(header.input());
    out.labels(header.attributes());
    out.text(header.session());
    out.number(header.priority());
    out.duration(header.timeout());
    out.text(header.startedBy());
    out.text(header.requestDigest());
    out.instant(header.startedAt());
    if (grown) {
      GrowthCodec.write(out, header.plan().growth());
    } else if (parent != null) {
      out.nothing();
    }
    if (parent != null) {
      ChildCodec.write(out, parent);
    }
    out.end();
  }

  private static ExecutionHeader header(CborReader in, PlanResolver plans) {
    in.beginArray();
    var key = new ExecutionKey(in.text(), in.text());
    Plan plan = plans.resolve(key.tenant(), in.text(), in.integer());
    var header =
        new ExecutionHeader(
            plan,
            key,
            in.value(),
            in.labels(),
            in.textOrNull(),
            in.integer(),
            in.duration(),
            in.text(),
            in.text(),
            in.instant(),
            null);
    // What was added at run time stands behind the rest, where there is any, and then the parent.
    if (!in.beginArrayOrNullOrEnd()) {
      return header;
    }
    if (!in.atNull()) {
      header = header.withPlan(GrowthCodec.read(in, plan));
    }
    if (in.beginArrayOrNullOrEnd()) {
      header = header.withParent(ChildCodec.parent(in));
      in.endArray();
    }
    return header;
  }

  private static void task(CborWriter out, PlannedTask planned, TaskState task) {
    if (task.equals(TaskState.PENDING)) {
      out.nothing();
      return;
    }
    FanOut fanOut = task.fanOut();
    Gate gate = task.gate();
    out.array(gate != null ? 12 : fanOut != null ? 11 : 10);
    out.number(Codes.TASK_STATUS.code(task.status()));
    // Where the definition gives no input the task has the execution's, which is written once.
    out.value(planned.input() == null ? null : task.input());
    // A list's output is that of its items, which have it.
    out.value(fanOut == null ? task.output() : null);
    out.error(task.error());
    out.array(task.attempts().size());
    for (Attempt attempt : task.attempts()) {
      attempt(out, attempt);
    }
    out.end();
    out.number(task.attemptCount());
    out.number(task.failures());
    out.number(task.leaseLosses());
    out.instant(task.retryAt());
    out.instant(task.readyAt());
    if (fanOut != null) {
      GrowthCodec.write(out, fanOut);
    } else if (gate != null) {
      out.nothing();
    }
    if (gate != null) {
      GateCodec.write(out, gate);
    }
    out.end();
  }

  private static List<TaskState> tasks(CborReader in, ExecutionHeader header) {
    in.beginArray();
    var tasks = new ArrayList<TaskState>();
    while (in.beginArrayOrNullOrEnd()) {
      tasks.add(in.atNull() ? TaskState.PENDING : task(in, header, tasks.size()));
    }
    GrowthCodec.gather(header.plan(), tasks);
    return List.copyOf(tasks);
  }

  private static TaskState task(CborReader in, ExecutionHeader header, int index) {
    TaskStatus status = Codes.TASK_STATUS.constant(in.number());
    Object input = in.value();
    List<PlannedTask> planned = header.plan().tasks();
    if (index < planned.size() && planned.get(index).input() == null && holdsInput(status)) {
      input = header.input();
    }
    var task =
        new TaskState(
            status,
            input,
            in.value(),
            in.errorOrNull(),
            attempts(in),
            in.integer(),
            in.integer(),
            in.integer(),
            in.instantOrNull(),
            in.instantOrNull(),
            null,
            null);
    return rest(in, task);
  }

  /** The fields that only tasks with items or at a gate have; reads the task's end with them. */
  private static TaskState rest(CborReader in, TaskState task) {
    if (!in.beginArrayOrNullOrEnd()) {
      return task;
    }
    TaskState rest = in.atNull() ? task : task.withFanOut(GrowthCodec.fanOut(in));
    if (!in.beginArrayOrNullOrEnd()) {
      return rest;
    }
    Gate gate = GateCodec.read(in);
    in.endArray();
    return rest.withGate(gate);
  }

  private static boolean holdsInput(TaskStatus status) {
    return !status.isEnded() && status != TaskStatus.PENDING;
  }

  private static void attempt(CborWriter out, Attempt attempt) {
    ChildRun child = attempt.child();
    out.array(child == null ? 8 : 9);
    out.number(attempt.number());
    out.number(attempt.nonce());
    out.text(attempt.worker());
    out.instant(attempt.startedAt());
    out.instant(attempt.deadline());
    out.instant(attempt.endedAt());
    if (attempt.outcome() == null) {
      out.nothing();
    } else {
      out.number(Codes.ATTEMPT_OUTCOME.code(attempt.outcome()));
    }
    out.error(attempt.error());
    if (child != null) {
      ChildCodec.write(out, child);
    }
    out.end();
  }

  private static List<Attempt> attempts(CborReader in) {
    in.beginArray();
    var attempts = new ArrayList<Attempt>();
    while (in.beginArrayOrNullOrEnd()) {
      var attempt =
          new Attempt(
              in.integer(),
              in.number(),
              in.text(),
              in.instant(),
              in.instant(),
              in.instantOrNull(),
              in.constantOrNull(Codes.ATTEMPT_OUTCOME),
              in.errorOrNull());
      if (in.beginArrayOrNullOrEnd()) {
        attempt = attempt.with(ChildCodec.child(in));
        in.endArray();
      }
      attempts.add(attempt);
    }
    return attempts;
  }

  private static void pause(CborWriter out, @Nullable Pause pause) {
    if (pause == null) {
      out.nothing();
      return;
    }
    boolean placed = pause.seq() > 0;
    out.array(pause.parked() ? 8 : placed ? 7 : 6);
    out.number(Codes.PAUSE_MODE.code(pause.mode()));
    out.text(pause.by());
    out.text(pause.reason());
    out.instant(pause.at());
    out.duration(pause.remaining());
    out.instant(pause.autoResumeAt());
    TrailingFields.write(out, placed, pause.parked(), () -> ChildCodec.writePlace(out, pause));
    if (pause.parked()) {
      flag(out);
    }
    out.end();
  }

  private static @Nullable Pause pause(CborReader in) {
    if (!in.beginArrayOrNull()) {
      return null;
    }
    var more = new TrailingFields(in);
    var pause =
        new Pause(
            Codes.PAUSE_MODE.constant(in.number()),
            in.text(),
            in.textOrNull(),
            in.instant(),
            in.duration(),
            in.instant(),
            0,
            0,
            false);
    Pause placed = Objects.requireNonNullElse(more.next(() -> ChildCodec.placed(in, pause)), pause);
    boolean parked = more.next(() -> flag(in)) != null;
    more.end();
    return parked ? placed.parking() : placed;
  }
}
