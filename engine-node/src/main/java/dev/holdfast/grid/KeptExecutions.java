package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.blob.Users;
import dev.holdfast.journal.SharedStore;
import dev.holdfast.journal.StateStore;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Executions as users of blobs.
 *
 * @param store this member's
 * @param find the execution as it is durably, wherever it is owned; blocks
 */
record KeptExecutions(StateStore store, Function<ExecutionKey, Optional<ExecutionState>> find)
    implements Users {
  @Override
  public Set<ExecutionKey> gone(Collection<ExecutionKey> executions) {
    var gone = new HashSet<>(executions);
    if (store instanceof SharedStore shared) {
      gone.removeAll(shared.heads(executions).keySet());
    } else {
      gone.removeIf(key -> find.apply(key).isPresent());
    }
    return gone;
  }
}
