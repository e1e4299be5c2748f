package dev.holdfast.client;

import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the results of attempts to the engine. Thread-safe. */
final class ResultDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(ResultDelivery.class);

  private final Cluster cluster;
  private final Consumer<HeldTask> over;

  /**
   * @param over is told of each task whose result was taken or refused, or can't be delivered
   */
  ResultDelivery(Cluster cluster, Consumer<HeldTask> over) {
    this.cluster = cluster;
    this.over = over;
  }

  /**
   * Sends it, again while nobody takes it. A result that is refused while its attempt goes on is
   * followed by that attempt's failure.
   */
  void deliver(HeldTask task, Request.Frequent result) {
    // A result is worth trying for as long as the engine would wait for it.
    Duration toDeadline = Duration.between(Instant.now(), task.deadline());
    Duration bound =
        toDeadline.compareTo(cluster.commandTimeout()) > 0 ? toDeadline : cluster.commandTimeout();
    cluster
        .send(result, bound)
        .whenComplete((reply, failure) -> {
          if (failure != null) {
            LOG.warn("result of {} could not be delivered", task.token(), failure);
          } else if (reply instanceof Reply.Refused refused) {
            LOG.info("result of {} was refused: {}", task.token(), refused.message());
            if (result instanceof Request.Complete && Handling.goesOn(refused)) {
              deliver(task, Handling.failed(task, refused));
              return;
            }
          }
          over.accept(task);
        });
  }
}
