package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.FencedException;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.Codes;
import dev.holdfast.journal.codec.SnapshotBody;
import dev.holdfast.journal.codec.StateCodec;
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
 *
 * <p>An adopted execution gets a new ordinal, under which none of what the store had of it is seen;
 * that is kept as a former chain.
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

  void write(List<JournalEntry> batch) throws SQLException {
    for (JournalEntry entry : batch) {
      admit(entry);
    }
    for (Touched one : touched.values()) {
      if (one.adopted() != null) {
        writeAdopted(one, one.adopted());
      } else if (one.hasContents() && writeListing(one)) {
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
    if (one.endsBefore(content)) {
      if (!content.events().isEmpty()) {
        one.add(entry, content);
      }
    } else if (content.events().isEmpty()) {
      one.adopt(content);
    } else if (!isWritten(one, content)) {
      fenced.add(entry);
    }
  }

  private Touched find(JournalEntry.Content content) throws SQLException {
    Live live = lives.find(content.key());
    if (live != null) {
      live.inBatch(true);
      return Touched.of(live);
    }
    if (content.fromSeq() > 1) {
      WriteStatements.Ended ended = sql.findEnded(content.key());
      if (ended != null) {
        return Touched.of(ended);
      }
    }
    return Touched.unknown(nextOrdinal++);
  }

  /** Whether these very events are in the store; as when a member writes again to be sure. */
  private boolean isWritten(Touched one, JournalEntry.Content content) throws SQLException {
    long lastSeq = content.after().seq();
    if (lastSeq > one.lastSeq()) {
      return false;
    }
    if (lastSeq == one.lastSeq()) {
      return Arrays.equals(content.hash(), one.head());
    }
    for (JournalEntry.Content earlier : one.contents()) {
      if (Arrays.equals(content.hash(), earlier.hash())) {
        return true;
      }
    }
    Live live = one.live();
    Live.Run tail = live == null ? null : live.run();
    boolean[] found = {false};
    HistoryReader.Sink compare =
        item -> {
          found[0] |= item.seq() == lastSeq && Arrays.equals(item.hash(), content.hash());
          return !found[0];
        };
    if (tail != null) {
      HistoryReader.read(tail, compare);
    }
    if (!found[0]) {
      HistoryReader.read(sql.connection(), one.ordinal(), lastSeq - 1, compare);
    }
    return found[0];
  }

  private void writeAdopted(Touched one, JournalEntry.Content adopted) throws SQLException {
    keepFormers(one);
    ExecutionState after = one.after();
    if (!sql.insertExecution(one.ordinal(), after, one.head(), one.epoch())) {
      // One that has not been restored at the start.
      makeFormer(one.after().key());
      sql.insertExecution(one.ordinal(), after, one.head(), one.epoch());
    }
    putBase(one.ordinal(), adopted);
    if (one.hasContents()) {
      writeEvents(one);
    }
  }

  /** What the store, or the batch, has of it from before its state came over a gap. */
  private void keepFormers(Touched one) throws SQLException {
    ExecutionKey key = one.after().key();
    for (Touched.Superseded former : one.superseded()) {
      JournalEntry.Content begun = former.adopted();
      if (begun == null && one.isKnown()) {
        archive(one.ordinal(), one.before(), former.contents());
        makeFormer(key);
        one.ordinal(nextOrdinal++);
      } else if (!former.contents().isEmpty()) {
        long ordinal = nextOrdinal++;
        if (begun != null) {
          putBase(ordinal, begun);
        }
        archive(ordinal, null, former.contents());
        sql.putFormer(ordinal, key);
      }
    }
  }

  private void makeFormer(ExecutionKey key) throws SQLException {
    try (var erasing = new Erasing(sql.connection())) {
      long ordinal = erasing.find(key);
      if (ordinal > 0) {
        erasing.makeFormer(ordinal);
      }
    }
  }

  private void putBase(long ordinal, JournalEntry.Content adopted) throws SQLException {
    byte[] body = SnapshotBody.seal(adopted.hash(), StateCodec.encode(adopted.after()));
    sql.putBase(ordinal, adopted.after().seq(), adopted.epoch(), body);
  }

  /** Puts a chain's end into its history: the tail, and then these. */
  private void archive(long ordinal, @Nullable Live live, List<JournalEntry.Content> contents)
      throws SQLException {
    Tail tail = live == null ? null : live.tail();
    List<byte[]> payloads = contents.stream().map(JournalEntry.Content::payload).toList();
    if (!contents.isEmpty()) {
      JournalEntry.Content first = contents.getFirst();
      Tail from = tail != null ? tail : new Tail(first.fromSeq(), first.previousHash(), 0, 0);
      sql.putTail(ordinal, from, payloads, contents.getLast().after().seq());
    } else if (live != null && tail != null) {
      sql.putTail(ordinal, tail, payloads, live.state().seq());
    }
  }

  /** False when the execution turns out to be another owner's. */
  private boolean writeListing(Touched one) throws SQLException {
    ExecutionState after = one.after();
    if (!one.isKnown()) {
      if (!sql.insertExecution(one.ordinal(), after, one.head(), one.epoch())) {
        fenced.addAll(one.refuse());
        return false;
      }
    } else if (one.statusBefore() != Codes.EXECUTION_STATUS.code(after.status())) {
      sql.updateExecution(one.ordinal(), after, one.head(), one.epoch());
    }
    return true;
  }

  private void writeEvents(Touched one) throws SQLException {
    if (one.ends()) {
      writeEnd(one);
      return;
    }
    one.firstLsn(nextLsn);
    for (JournalEntry.Content content : one.contents()) {
      sql.insertJournal(
          nextLsn++, one.ordinal(), content.fromSeq(), content.payload(), content.hash());
    }
  }

  private void writeEnd(Touched one) throws SQLException {
    Live live = one.live();
    archive(one.ordinal(), live, one.contents());
    if (live != null && live.hasSnapshot()) {
      sql.deleteSnapshot(one.ordinal());
    }
  }

  /** Brings memory up to what was committed, and fails the entries that were fenced. */
  void apply() {
    release();
    for (Touched one : touched.values()) {
      if (one.hasContents() || one.adopted() != null) {
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
    touched.values().forEach(Touched::release);
  }

  private void apply(Touched one) {
    Live before = one.before();
    if (one.ends()) {
      if (before != null) {
        // Readers that still hold it see how it ended.
        before.advance(one.after(), one.head(), one.epoch());
        lives.remove(before);
      }
      return;
    }
    Live live = one.live();
    if (live == null) {
      live = new Live(one.ordinal(), one.after(), one.head(), one.epoch(), one.baseSeq());
      addTail(live, one);
      if (before == null) {
        lives.put(live);
      } else {
        lives.replace(before, live);
      }
    } else {
      addTail(live, one);
      live.advance(one.after(), one.head(), one.epoch());
    }
  }

  private void addTail(Live live, Touched one) {
    if (!one.hasContents()) {
      return;
    }
    if (live.tail() == null) {
      JournalEntry.Content first = one.contents().getFirst();
      live.begin(new Tail(first.fromSeq(), first.previousHash(), one.firstLsn(), nowMillis));
      lives.dirty().add(live);
    }
    for (JournalEntry.Content content : one.contents()) {
      live.add(content.payload());
    }
    Tail tail = live.tail();
    if (tail != null && tail.bytes() >= Upkeep.CHUNK_BYTES && !live.queuedAsLarge()) {
      live.queuedAsLarge(true);
      lives.large().add(live);
    }
  }
}
