package dev.holdfast.journal.sqlite;

import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.Codes;
import dev.holdfast.journal.codec.EntryEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An execution that has entries in a batch: where it stood, and what the batch adds. */
final class Touched {
  private static final int UNKNOWN = -1;

  private final @Nullable Live before;
  private final int statusBefore;
  private final List<JournalEntry> entries = new ArrayList<>(1);
  private final List<JournalEntry.Content> contents = new ArrayList<>(1);
  private final List<Superseded> superseded = new ArrayList<>(0);
  private JournalEntry.@Nullable Content adopted;
  private long ordinal;
  private long baseSeq;
  private long lastSeq;
  private byte[] head;
  private long firstLsn;

  private Touched(
      @Nullable Live before,
      long ordinal,
      int statusBefore,
      long lastSeq,
      byte[] head,
      long baseSeq) {
    this.before = before;
    this.ordinal = ordinal;
    this.statusBefore = statusBefore;
    this.lastSeq = lastSeq;
    this.head = head;
    this.baseSeq = baseSeq;
  }

  /**
   * What the batch added to a chain before a state came in its place.
   *
   * @param adopted the entry without events that this began with; null: it goes on from what the
   *     store had
   */
  record Superseded(JournalEntry.@Nullable Content adopted, List<JournalEntry.Content> contents) {}

  static Touched of(Live live) {
    ExecutionState state = live.state();
    int status = Codes.EXECUTION_STATUS.code(state.status());
    return new Touched(live, live.ordinal(), status, state.seq(), live.hash(), live.baseSeq());
  }

  static Touched of(WriteStatements.Ended ended) {
    return new Touched(
        null, ended.ordinal(), ended.status(), ended.seq(), ended.hash(), ended.baseSeq());
  }

  static Touched unknown(long ordinal) {
    return new Touched(null, ordinal, UNKNOWN, 0, EntryEncoder.genesis(), 0);
  }

  /** Whether the entry goes on from here; one without events: whether its state is this one. */
  boolean endsBefore(JournalEntry.Content content) {
    return content.fromSeq() == lastSeq + 1 && Arrays.equals(content.previousHash(), head);
  }

  void add(JournalEntry entry, JournalEntry.Content content) {
    entries.add(entry);
    contents.add(content);
    lastSeq = content.after().seq();
    head = content.hash();
  }

  /** Begins anew with this state; what came before it in the batch is kept as a former chain. */
  void adopt(JournalEntry.Content content) {
    superseded.add(new Superseded(adopted, List.copyOf(contents)));
    adopted = content;
    entries.clear();
    contents.clear();
    baseSeq = content.after().seq();
    lastSeq = baseSeq;
    head = content.hash();
  }

  /** Gives all of its entries back; none is written. */
  List<JournalEntry> refuse() {
    List<JournalEntry> refused = List.copyOf(entries);
    entries.clear();
    contents.clear();
    return refused;
  }

  void release() {
    if (before != null) {
      before.inBatch(false);
    }
  }

  /** As it was in memory; null: it was not. */
  @Nullable Live before() {
    return before;
  }

  /** What its entries are added to; null: something new. */
  @Nullable Live live() {
    return adopted == null ? before : null;
  }

  /** The entry without events that it begins anew with; null: none. */
  JournalEntry.@Nullable Content adopted() {
    return adopted;
  }

  /** What was before that entry, in order; empty without one. */
  List<Superseded> superseded() {
    return superseded;
  }

  List<JournalEntry.Content> contents() {
    return contents;
  }

  boolean hasContents() {
    return !contents.isEmpty();
  }

  /** Whether the store has it. */
  boolean isKnown() {
    return statusBefore != UNKNOWN;
  }

  int statusBefore() {
    return statusBefore;
  }

  long ordinal() {
    return ordinal;
  }

  void ordinal(long other) {
    ordinal = other;
  }

  long baseSeq() {
    return baseSeq;
  }

  long lastSeq() {
    return lastSeq;
  }

  byte[] head() {
    return head;
  }

  long firstLsn() {
    return firstLsn;
  }

  void firstLsn(long lsn) {
    firstLsn = lsn;
  }

  private JournalEntry.Content last() {
    JournalEntry.Content begun = adopted;
    return contents.isEmpty() && begun != null ? begun : contents.getLast();
  }

  ExecutionState after() {
    return last().after();
  }

  long epoch() {
    return last().epoch();
  }

  boolean ends() {
    return after().status().isEnded();
  }
}
