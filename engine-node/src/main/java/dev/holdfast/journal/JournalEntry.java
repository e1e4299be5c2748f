package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The events of one transition on their way to the disk, and what became of them. Made on the
 * partition thread, completed by the journal; safe to read from any thread.
 *
 * <p>An entry is durable once it is committed, and, where each member has a disk of its own, once
 * the partition's backup has confirmed that it has committed its copy. Then it lets go of
 * everything heavy, since the newest entry of every live execution stays in memory as long as the
 * execution does.
 */
public final class JournalEntry {
  /**
   * What is let go of once the entry is durable.
   *
   * @param fromSeq seq of the first event; one above the state's in an entry without events
   * @param epoch under which the events were decided; of an entry without events: the last one's
   * @param payload the events as encoded; empty in an entry without events
   * @param previousHash the chain's head before the first event
   * @param hash the chain's head after the last event
   * @param after the state with all of the events
   */
  public record Content(
      ExecutionKey key,
      long fromSeq,
      long epoch,
      Instant at,
      List<Event> events,
      byte[] payload,
      byte[] previousHash,
      byte[] hash,
      ExecutionState after) {

    /**
     * Of events that were decided together and came with their encoded form.
     *
     * @param items what the payload has; one at least
     */
    public static Content of(
        ExecutionKey key,
        long fromSeq,
        List<HistoryItem> items,
        byte[] payload,
        byte[] previousHash,
        byte[] hash,
        ExecutionState after) {
      HistoryItem first = items.getFirst();
      List<Event> events = items.stream().map(HistoryItem::event).toList();
      return new Content(
          key, fromSeq, first.epoch(), first.at(), events, payload, previousHash, hash, after);
    }
  }

  /**
   * Where an entry was decided that is a copy here.
   *
   * @param owner the member that decided it
   * @param id what the owner calls it
   */
  public record Origin(UUID owner, long id) {}

  private static final CompletableFuture<Void> DURABLE = CompletableFuture.completedFuture(null);
  private static final JournalEntry ALREADY_DURABLE =
      new JournalEntry(null, null, 0, true, DURABLE);
  private static final JournalEntry ELSEWHERE =
      new JournalEntry(null, null, 0, true, new CompletableFuture<>());

  private final @Nullable Origin origin;
  private final long id;
  private boolean submitted;
  private volatile @Nullable Content content;
  private volatile CompletableFuture<Void> durable;

  /** The entry before, of the same execution, as long as either is not durable. */
  private volatile @Nullable JournalEntry previous;

  /** Guarded by {@link Releases}. */
  private boolean committed;

  /** Guarded by {@link Releases}. */
  private boolean confirmed;

  private JournalEntry(
      @Nullable Content content,
      @Nullable Origin origin,
      long id,
      boolean confirmed,
      CompletableFuture<Void> durable) {
    this.submitted = content == null;
    this.content = content;
    this.origin = origin;
    this.id = id;
    this.confirmed = confirmed;
    this.durable = durable;
  }

  /** An entry that is durable once it is committed. */
  public static JournalEntry pending(Content content) {
    return pending(content, 0);
  }

  /**
   * An entry that is durable once it is committed.
   *
   * @param id by which the backup knows it
   */
  public static JournalEntry pending(Content content, long id) {
    return new JournalEntry(content, null, id, true, new CompletableFuture<>());
  }

  /**
   * An entry that is durable once it is committed here and confirmed by the backup.
   *
   * @param id by which it is confirmed; not 0
   */
  public static JournalEntry toConfirm(Content content, long id) {
    return new JournalEntry(content, null, id, false, new CompletableFuture<>());
  }

  /** The backup's copy of an entry that was decided elsewhere. */
  public static JournalEntry copy(Content content, Origin origin) {
    return new JournalEntry(content, origin, 0, true, new CompletableFuture<>());
  }

  /** An entry with what {@link #adopted} gives. */
  public static JournalEntry adoption(ExecutionState state, byte[] hash, long epoch) {
    return pending(adopted(state, hash, epoch));
  }

  /**
   * What an entry without events carries: the execution came to this member as it is, and its store
   * has yet to keep it ({@link ChainStore}).
   */
  public static Content adopted(ExecutionState state, byte[] hash, long epoch) {
    return new Content(
        state.key(),
        state.seq() + 1,
        epoch,
        state.updatedAt(),
        List.of(),
        new byte[0],
        hash,
        hash,
        state);
  }

  /** Stands for whatever an execution read from the store has behind it. */
  public static JournalEntry durable() {
    return ALREADY_DURABLE;
  }

  /**
   * Stands for whatever an execution has behind it that came from another member to one with a disk
   * of its own. It never becomes durable; the execution has to be adopted first.
   */
  public static JournalEntry elsewhere() {
    return ELSEWHERE;
  }

  /** Whether it came from another member and nothing of it is in this member's store. */
  public boolean isElsewhere() {
    return this == ELSEWHERE;
  }

  /** Where it was decided, when that was another member. */
  public @Nullable Origin origin() {
    return origin;
  }

  /** By which owner and backup speak of it; 0: they don't. */
  public long id() {
    return id;
  }

  /**
   * @throws IllegalStateException when the entry is durable already
   */
  public Content content() {
    Content here = content;
    if (here == null) {
      throw new IllegalStateException("the entry is durable and has let go of its content");
    }
    return here;
  }

  /** It goes on from that one, which comes to be durable before it. */
  public JournalEntry after(JournalEntry before) {
    if (!before.whenDurable().isDone() && !before.isElsewhere()) {
      previous = before;
    }
    return this;
  }

  /** Whether nothing before it is waited for; cheap. */
  boolean isFirstOfTail() {
    return previous == null;
  }

  /** This one and those before it that are neither durable nor failed, oldest first. */
  public List<JournalEntry> tail() {
    var tail = new ArrayList<JournalEntry>(2);
    for (JournalEntry one = this; one != null && !one.whenDurable().isDone(); one = one.previous) {
      if (!one.isElsewhere()) {
        tail.addFirst(one);
      }
    }
    return tail;
  }

  /**
   * What {@link #tail} carries, but for entries that become durable while it is read: for who has
   * to pass it on without holding anybody up.
   */
  public List<Content> unwritten() {
    var contents = new ArrayList<Content>(2);
    for (JournalEntry one : tail()) {
      Content here = one.content;
      if (here != null) {
        contents.add(here);
      }
    }
    return contents;
  }

  /**
   * Claims the entry for the journal: true for the first who asks, so that it is queued once
   * however often the grid stores it.
   */
  public synchronized boolean submit() {
    boolean first = !submitted;
    submitted = true;
    return first;
  }

  /** Nothing has to be written any more, unless it was submitted already: others have it. */
  public synchronized void completeUnlessSubmitted() {
    if (!submitted) {
      submitted = true;
      complete();
    }
  }

  /**
   * Completes once the entry is durable; exceptionally with a {@link FencedException} when it never
   * will be, since somebody else owns the execution now.
   */
  public CompletableFuture<Void> whenDurable() {
    return durable;
  }

  public boolean isDurable() {
    CompletableFuture<Void> here = durable;
    return here.isDone() && !here.isCompletedExceptionally();
  }

  /** Whether it failed: it is not durable and never will be. */
  public boolean hasFailed() {
    return durable.isCompletedExceptionally();
  }

  /** Called under the lock of {@link Releases}. Returns whether nothing is missing any more. */
  boolean markCommitted() {
    committed = true;
    return confirmed;
  }

  /** Called under the lock of {@link Releases}. Returns whether nothing is missing any more. */
  boolean markConfirmed() {
    confirmed = true;
    return committed;
  }

  /** Nothing is missing any more. Runs what waits for it. */
  public void complete() {
    CompletableFuture<Void> waiters = durable;
    durable = DURABLE;
    content = null;
    previous = null;
    waiters.complete(null);
  }

  /** It can never be written, or it is not known here what becomes of it. */
  public void fail(Throwable cause) {
    durable.completeExceptionally(cause);
  }
}
