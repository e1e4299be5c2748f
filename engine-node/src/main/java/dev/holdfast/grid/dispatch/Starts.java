package dev.holdfast.grid.dispatch;

import dev.holdfast.core.Command.StartTask;
import dev.holdfast.grid.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has tasks that waited started by a command each, for the agents that they were matched with. */
final class Starts {
  private static final Logger LOG = LoggerFactory.getLogger(Starts.class);

  /** How long a task rests when the store did not take its start. */
  private static final long OFFER_AGAIN_MILLIS = 500;

  private final CommandSink commands;
  private final Consumer<Reservation> release;
  private final Consumer<ReadyTask> offer;

  /**
   * @param release told of places that were not used
   * @param offer told of tasks that wait again
   */
  Starts(CommandSink commands, Consumer<Reservation> release, Consumer<ReadyTask> offer) {
    this.commands = commands;
    this.release = release;
    this.offer = offer;
  }

  void begin(Exchange.Match match) {
    ReadyTask task = match.task();
    Reservation reservation = match.reservation();
    var command = new StartTask(task.task(), reservation.nonce(), reservation.worker());
    commands
        .submit(task.execution(), command)
        .whenComplete((outcome, error) -> {
          switch (outcome) {
            case Outcome.Done done when done.changed() -> {
              // Its delivery follows as an effect.
            }
            case Outcome.Done _ -> release.accept(reservation);
            case Outcome.Refused refused -> {
              release.accept(reservation);
              // Otherwise it was paused or ended, and a resume offers it anew.
              if (refused.rejection().code().isPassing()) {
                offerLater(task);
              }
            }
            case null -> {
              LOG.warn("{} of {} was not handed over", task.task(), task.execution(), error);
              release.accept(reservation);
              offerLater(task);
            }
          }
        });
  }

  /** Not at once: the same agent would be tried again without a pause. */
  private void offerLater(ReadyTask task) {
    CompletableFuture.delayedExecutor(OFFER_AGAIN_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> offer.accept(task));
  }
}
