package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.FencedException;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.Codes;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.Sealed;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way into the database. {@link #write} runs within the transaction and changes
 * nothing in memory; {@link #apply} follows the commit.
 *
 * <p>The events of an execution that ends go straight into its history, in the very commit of its
 * end: so an execution has ended exactly if all of its events are in chunks, and none of it is
 * needed from the journal any more.
 */
final class Appending {
  private final LiveIndex lives;
  private final WriteStatements sql;
  private final long nowMillis;
  private final Map<ExecutionKey, Touched> touched = new LinkedHashMap<>();
  private final List<JournalEntry> fenced = new ArrayList<>();
  private long nextLsn;
  private long nextOrdinal;

  Appending(LiveIndex lives, WriteStatements sql, long nowMillis) {
    this.lives = lives;
    this.sql = sql;
    this.nowMillis = nowMillis;
    this.nextLsn = lives.nextLsn();
    this.nextOrdinal = lives.nextOrdinal();
  }

  /** An execution that has entries in the batch. */
  private static final class Touched {
    final @Nullable Live live;
    final long ordinal;
    final int statusBefore;
    final List<JournalEntry> entries = new ArrayList<>(1);
    final List<JournalEntry.Content> contents = new ArrayList<>(1);
    long expectedSeq;
    byte[] head;
    long firstLsn;

    Touched(@Nullable Live live, long ordinal, int statusBefore, long expectedSeq, byte[] head) {
      this.live = live;
      this.ordinal = ordinal;
      this.statusBefore = statusBefore;
      this.expectedSeq = expectedSeq;
      this.head = head;
    }

    ExecutionState after() {
      return contents.getLast().after();
    }

    boolean ends() {
      return after().status().isEnded();
    }
  }

  private static final int NOT_STARTED = -1;

  void write(List<JournalEntry> batch) throws SQLException {
    for (JournalEntry entry : batch) {
      admit(entry);
    }
    for (Touched one : touched.values()) {
      if (!one.contents.isEmpty() && writeListing(one)) {
        writeEvents(one);
      }
    }
  }

  /** Takes the entry when it goes on from where its execution stands. */
  private void admit(JournalEntry entry) throws SQLException {
    JournalEntry.Content content = entry.content();
    Touched one = touched.get(content.key());
    if (one == null) {
      one = find(content);
      touched.put(content.key(), one);
    }
    if (content.fromSeq() != one.expectedSeq || !Arrays.equals(content.previousHash(), one.head)) {
      fenced.add(entry);
      return;
    }
    one.entries.add(entry);
    one.contents.add(content);
    one.expectedSeq = content.after().seq() + 1;
    one.head = content.hash();
  }

  private Touched find(JournalEntry.Content content) throws SQLException {
    Live live = lives.find(content.key());
    if (live != null) {
      live.inBatch(true);
      ExecutionState state = live.state();
      return new Touched(
          live,
          live.ordinal(),
          Codes.EXECUTION_STATUS.code(state.status()),
          state.seq() + 1,
          live.hash());
    }
    if (content.fromSeq() > 1) {
      WriteStatements.Ended ended = sql.findEnded(content.key());
      if (ended != null) {
        return new Touched(null, ended.ordinal(), ended.status(), ended.seq() + 1, ended.hash());
      }
    }
    return new Touched(null, nextOrdinal++, NOT_STARTED, 1, EntryEncoder.genesis());
  }

  /** False when the execution turns out to be another owner's. */
  private boolean writeListing(Touched one) throws SQLException {
    ExecutionState after = one.after();
    if (one.statusBefore == NOT_STARTED) {
      if (!sql.insertExecution(one.ordinal, after, one.head)) {
        fenced.addAll(one.entries);
        one.contents.clear();
        return false;
      }
    } else if (one.statusBefore != Codes.EXECUTION_STATUS.code(after.status())) {
      sql.updateExecution(one.ordinal, after, one.head);
    }
    return true;
  }

  private void writeEvents(Touched one) throws SQLException {
    if (one.ends()) {
      writeEnd(one);
      return;
    }
    one.firstLsn = nextLsn;
    for (JournalEntry.Content content : one.contents) {
      sql.insertJournal(
          nextLsn++, one.ordinal, content.fromSeq(), content.payload(), content.hash());
    }
  }

  private void writeEnd(Touched one) throws SQLException {
    JournalEntry.Content first = one.contents.getFirst();
    Live live = one.live;
    Tail tail = live == null ? null : live.tail();
    if (tail == null) {
      tail = new Tail(first.fromSeq(), first.previousHash(), 0, 0);
    }
    List<byte[]> payloads = one.contents.stream().map(JournalEntry.Content::payload).toList();
    sql.putHistory(
        one.ordinal,
        tail.fromSeq(),
        one.after().seq(),
        tail.previousHash(),
        Sealed.seal(tail.joined(payloads)));
    if (live != null && live.hasSnapshot()) {
      sql.deleteSnapshot(one.ordinal);
    }
  }

  /** Brings memory up to what was committed, and fails the entries that were fenced. */
  void apply() {
    release();
    for (Touched one : touched.values()) {
      if (!one.contents.isEmpty()) {
        apply(one);
      }
    }
    lives.advance(nextLsn, nextOrdinal);
    for (JournalEntry entry : fenced) {
      JournalEntry.Content content = entry.content();
      entry.fail(new FencedException(content.key(), content.fromSeq()));
    }
  }

  /** Lets upkeep have the executions of this batch again. */
  void release() {
    for (Touched one : touched.values()) {
      if (one.live != null) {
        one.live.inBatch(false);
      }
    }
  }

  private void apply(Touched one) {
    Live live = one.live;
    if (one.ends()) {
      if (live != null) {
        // Readers that still hold it see how it ended.
        live.advance(one.after(), one.head);
        lives.remove(live);
      }
      return;
    }
    if (live == null) {
      live = new Live(one.ordinal, one.after(), one.head);
      addTail(live, one);
      lives.put(live);
    } else {
      addTail(live, one);
      live.advance(one.after(), one.head);
    }
  }

  private void addTail(Live live, Touched one) {
    if (live.tail() == null) {
      JournalEntry.Content first = one.contents.getFirst();
      live.begin(new Tail(first.fromSeq(), first.previousHash(), one.firstLsn, nowMillis));
      lives.dirty().add(live);
    }
    for (JournalEntry.Content content : one.contents) {
      live.add(content.payload());
    }
    Tail tail = live.tail();
    if (tail != null && tail.bytes() >= Upkeep.CHUNK_BYTES && !live.queuedAsLarge()) {
      live.queuedAsLarge(true);
      lives.large().add(live);
    }
  }
}
