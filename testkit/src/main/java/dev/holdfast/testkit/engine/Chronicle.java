package dev.holdfast.testkit.engine;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Step;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import dev.holdfast.journal.codec.Replay;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution's journal. Every event goes through the journal's own codec and back, and what the
 * events that were read back fold to has to be the state that they were decided on.
 */
public final class Chronicle {
  private static final long EPOCH = 1;

  private final ExecutionKey key;
  private final HistoryDecoder decoder = new HistoryDecoder(EntryEncoder.genesis());
  private final Replay replay;
  private final List<HistoryItem> items = new ArrayList<>();
  private @Nullable ExecutionState state;

  Chronicle(ExecutionKey key, PlanResolver plans) {
    this.key = key;
    this.replay = new Replay(key, null, plans);
  }

  /** Whose it is. */
  public ExecutionKey key() {
    return key;
  }

  /** Its newest state; null: it has not begun. */
  public @Nullable ExecutionState state() {
    return state;
  }

  /** All events so far. */
  public List<HistoryItem> items() {
    return List.copyOf(items);
  }

  /**
   * Takes the next events.
   *
   * @throws IllegalStateException when they can't be read back as they were: a bug of Holdfast
   */
  void append(Step.Changed step) {
    JournalEntry.Content content =
        EntryEncoder.content(
            key, items.size() + 1L, EPOCH, step.at(), step.events(), decoder.hash(), step.after());
    decoder.read(
        content.payload(),
        item -> {
          items.add(item);
          replay.apply(item);
        });
    if (!step.after().equals(replay.state())) {
      throw new IllegalStateException(
          "a bug of Holdfast, please report it: the state of %s is not what its events fold to%n%s%n%s"
              .formatted(key, step.after(), replay.state()));
    }
    state = step.after();
  }
}
