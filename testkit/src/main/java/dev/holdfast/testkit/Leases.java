package dev.holdfast.testkit;

import dev.holdfast.api.TaskError;
import dev.holdfast.core.Attempt;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.LeaseLoss;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.Step;
import dev.holdfast.testkit.engine.Agenda;
import dev.holdfast.testkit.engine.VirtualEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attempts that mock agents have: has them done, and watches over their heartbeats. */
final class Leases {
  /** A heartbeat that comes at the very last moment still counts. */
  private static final Duration TICK = Duration.ofMillis(1);

  /**
   * Of results that are refused for what is in them; the attempt goes on, as the client fails it.
   */
  private static final Set<Rejection.Code> UNUSABLE =
      Set.of(
          Rejection.Code.LIMIT_EXCEEDED,
          Rejection.Code.INVALID_SPAWN,
          Rejection.Code.UNKNOWN_REFERENCE);

  private final Agenda agenda;
  private final VirtualEngine engine;
  private final Map<Long, Held> held = new LinkedHashMap<>();

  Leases(Agenda agenda, VirtualEngine engine) {
    this.agenda = agenda;
    this.engine = engine;
  }

  /** The attempt of that random number, if an agent has it. */
  @Nullable Held find(long nonce) {
    return held.get(nonce);
  }

  long heldBy(MockAgent agent) {
    return held.values().stream().filter(one -> one.agent() == agent).count();
  }

  /** The agent has it from now on, and begins with it. */
  void held(ExecutionState state, String task, Attempt attempt, MockAgent agent) {
    long nonce = attempt.nonce();
    var given =
        new MockTask(
            state,
            task,
            attempt,
            engine.blobs(),
            () -> heard(nonce),
            command -> Refusals.check(engine.submit(state.key(), command)));
    Duration silenceMax = state.plan().task(task).heartbeat();
    var one = new Held(state.key(), agent, given, silenceMax, agenda.now());
    held.put(nonce, one);
    one.planned(agenda.plan(agenda.now(), () -> begin(one)));
  }

  private void begin(Held one) {
    one.agent().given(one.task());
    watch(one);
    beat(one);
    Command result = Handling.result(one.agent(), one.task());
    if (result != null) {
      Instant at = agenda.now().plus(one.agent().taking());
      one.answersAt(at);
      one.planned(agenda.plan(at, () -> answer(one, result)));
    }
  }

  private void answer(Held one, Command result) {
    if (engine.submit(one.key(), result) instanceof Step.Refused(var refusal)) {
      if (!UNUSABLE.contains(refusal.code())) {
        throw new IllegalStateException(
            "a bug of Holdfast, please report it: the result of a running attempt is refused: "
                + refusal);
      }
      var error = new TaskError(refusal.code().text(), refusal.message());
      engine.submit(one.key(), Handling.failed(one.task(), error, true));
    }
  }

  private void heard(long nonce) {
    Held one = held.get(nonce);
    if (one != null) {
      one.heard(agenda.now());
    }
  }

  private void beat(Held one) {
    Duration every = one.agent().heartbeat();
    if (every != null) {
      one.heard(agenda.now());
      one.planned(agenda.planAside(agenda.now().plus(every), () -> beat(one)));
    }
  }

  private void watch(Held one) {
    Instant until = one.silentUntil();
    if (until == null) {
      return;
    }
    if (agenda.now().isAfter(until)) {
      lose(one, LeaseLoss.HEARTBEAT);
    } else {
      one.planned(agenda.plan(until.plus(TICK), () -> watch(one)));
    }
  }

  private void lose(Held one, LeaseLoss reason) {
    var token = one.task().token();
    engine.submit(
        one.key(), new Command.LoseLease(token.task(), token.attempt(), token.nonce(), reason));
  }

  /** The agent is gone. */
  void loseAllOf(MockAgent agent) {
    for (Held one : List.copyOf(held.values())) {
      if (one.agent() == agent) {
        lose(one, LeaseLoss.DISCONNECTED);
      }
    }
  }

  /** The attempt has ended. */
  void end(long nonce) {
    Held one = held.remove(nonce);
    if (one != null) {
      one.end();
    }
  }
}
