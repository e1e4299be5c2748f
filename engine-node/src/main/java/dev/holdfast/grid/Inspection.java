package dev.holdfast.grid;

import com.hazelcast.core.ReadOnly;
import dev.holdfast.journal.ExecutionEntry;
import java.util.Map.Entry;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads an execution on its owner's partition thread without copying it. Like a {@link Transition}
 * it never travels.
 */
final class Inspection extends LocalProcessor<ExecutionEntry> implements ReadOnly {
  private static final long serialVersionUID = 1L;

  private final transient CompletableFuture<@Nullable ExecutionEntry> answer;

  Inspection(CompletableFuture<@Nullable ExecutionEntry> answer) {
    this.answer = answer;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    answer.complete(slot.getValue());
    return null;
  }
}
