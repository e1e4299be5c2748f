package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.JournalEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An execution that has entries in a batch, and those of them that are to be written. */
final class Touched {
  final ExecutionKey key;
  final long ordinal;

  /** Null: it begins with this batch. */
  final @Nullable ExecutionStatus statusBefore;

  final List<JournalEntry.Content> contents = new ArrayList<>(1);
  private long seq;
  private byte[] hash;

  Touched(
      ExecutionKey key,
      long ordinal,
      @Nullable ExecutionStatus statusBefore,
      long seq,
      byte[] hash) {
    this.key = key;
    this.ordinal = ordinal;
    this.statusBefore = statusBefore;
    this.seq = seq;
    this.hash = hash;
  }

  /** Takes the entry when it goes on from where the execution stands. */
  boolean takes(JournalEntry.Content content) {
    if (content.fromSeq() != seq + 1 || !Arrays.equals(content.previousHash(), hash)) {
      return false;
    }
    contents.add(content);
    seq = content.after().seq();
    hash = content.hash();
    return true;
  }

  /** Whether the very entry has been taken already. */
  boolean has(JournalEntry.Content content) {
    return contents.stream()
        .anyMatch(taken ->
            taken.fromSeq() == content.fromSeq() && Arrays.equals(taken.hash(), content.hash()));
  }

  ExecutionState after() {
    return contents.getLast().after();
  }

  byte[] hash() {
    return hash;
  }

  boolean changesStatus() {
    return statusBefore != after().status();
  }

  long bytes() {
    return contents.stream().mapToLong(content -> content.payload().length).sum();
  }
}
