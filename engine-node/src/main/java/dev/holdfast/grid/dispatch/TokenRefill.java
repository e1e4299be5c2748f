package dev.holdfast.grid.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets tokens of rate limits where tasks wait for them. Thread-safe. */
final class TokenRefill {
  private static final Logger LOG = LoggerFactory.getLogger(TokenRefill.class);

  private final Exchange exchange;
  private final WaitingTasks waitingTasks;
  private final Consumer<Exchange.Match> start;
  private final WaitingListener listener;
  private volatile TokenSource source = (capability, most) -> CompletableFuture.completedFuture(0);

  /**
   * @param start told of tasks that tokens have come for
   * @param listener told of kinds of tasks that nobody here takes though there are tokens
   */
  TokenRefill(
      Exchange exchange,
      WaitingTasks waitingTasks,
      Consumer<Exchange.Match> start,
      WaitingListener listener) {
    this.exchange = exchange;
    this.waitingTasks = waitingTasks;
    this.start = start;
    this.listener = listener;
  }

  /** From now on tokens come from there. */
  void use(TokenSource tokens) {
    source = tokens;
  }

  /** Asks for what is missing; never blocks. */
  void run() {
    exchange
        .tokensToAsk()
        .forEach((capability, most) ->
            source
                .take(capability, most)
                .whenComplete((had, failure) -> {
                  if (failure != null) {
                    LOG.debug(
                        "no tokens of {} were to be had, they are asked for again",
                        capability,
                        failure);
                  }
                  came(capability, failure == null ? had : 0);
                }));
  }

  private void came(String capability, int tokens) {
    exchange.granted(capability, tokens).forEach(start);
    for (QueueKey kind : waitingTasks.despiteTokens(capability)) {
      listener.waits(kind.tenant(), kind.capability(), kind.requires());
    }
  }
}
