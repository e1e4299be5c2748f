package dev.holdfast.core;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The gate at which a task stands, or the decision with which it passed or failed to. */
public sealed interface Gate {

  /**
   * Some time has to pass.
   *
   * @param until when it has. A pause moves it.
   */
  record Delayed(Instant until) implements Gate {}

  /**
   * A signal has to come.
   *
   * @param since when the task began to wait
   * @param until when the task fails if none has come; null: never. A pause moves it.
   */
  record AwaitingSignal(Instant since, @Nullable Instant until) implements Gate {}

  /**
   * A person has to decide.
   *
   * @param since when that was asked for
   * @param until when the task fails if nobody has decided; null: never. A pause moves it.
   */
  record AwaitingApproval(Instant since, @Nullable Instant until) implements Gate {}

  /**
   * A person has decided.
   *
   * @param by who
   * @param reason why, as that person says
   */
  record Decided(boolean approved, String by, @Nullable String reason, Instant at)
      implements Gate {}

  /** When time alone moves the task on; null: never. */
  default @Nullable Instant due() {
    return switch (this) {
      case Delayed gate -> gate.until();
      case AwaitingSignal gate -> gate.until();
      case AwaitingApproval gate -> gate.until();
      case Decided _ -> null;
    };
  }

  /** The same gate after time has stood still for so long. */
  default Gate later(Duration pause) {
    return switch (this) {
      case Delayed gate -> new Delayed(gate.until().plus(pause));
      case AwaitingSignal gate ->
          gate.until() == null ? gate : new AwaitingSignal(gate.since(), gate.until().plus(pause));
      case AwaitingApproval gate ->
          gate.until() == null
              ? gate
              : new AwaitingApproval(gate.since(), gate.until().plus(pause));
      case Decided gate -> gate;
    };
  }
}
