package dev.holdfast.grid.dispatch;

import java.util.concurrent.CompletableFuture;

/** Where the tokens of rate limits come from, for the whole cluster. */
@FunctionalInterface
public interface TokenSource {
  /**
   * Takes tokens of a capability's limit.
   *
   * @param most 1 or more
   * @return how many were had, 0 or more; never blocks
   */
  CompletableFuture<Integer> take(String capability, int most);
}
