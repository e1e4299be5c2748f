package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.grid.Outcome;
import java.util.concurrent.CompletableFuture;

/** Where the dispatcher's own commands go: {@code Engine.submit}. */
@FunctionalInterface
public interface CommandSink {
  CompletableFuture<Outcome> submit(ExecutionKey key, Command command);
}
