package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.EntryEncoder;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a batch is to be written: decided from memory where that knows all of its executions, and
 * from the database where it doesn't, or turned out to be wrong. Changes nothing.
 */
final class Batch {
  private final Ordinals ordinals;
  private final Map<ExecutionKey, Touched> touched = new LinkedHashMap<>();
  private final List<JournalEntry> fenced = new ArrayList<>();

  private Batch(Ordinals ordinals) {
    this.ordinals = ordinals;
  }

  /** Executions with something to be written, in order of arrival. */
  List<Touched> written() {
    return touched.values().stream().filter(one -> !one.contents.isEmpty()).toList();
  }

  /** Entries that another owner's stand against. */
  List<JournalEntry> fenced() {
    return fenced;
  }

  /** From memory; null when that does not suffice. */
  static @Nullable Batch fromMemory(
      List<JournalEntry> entries, Heads heads, Ordinals ordinals, Connection connection)
      throws SQLException {
    var batch = new Batch(ordinals);
    for (JournalEntry entry : entries) {
      JournalEntry.Content content = entry.content();
      if (content.events().isEmpty()) {
        continue;
      }
      Touched one = batch.touched.get(content.key());
      if (one == null) {
        one = batch.remembered(content, heads.find(content.key()), connection);
        if (one == null) {
          return null;
        }
        batch.touched.put(content.key(), one);
      }
      if (!one.takes(content) && !one.has(content)) {
        return null;
      }
    }
    return batch;
  }

  private @Nullable Touched remembered(
      JournalEntry.Content content, @Nullable Head head, Connection connection)
      throws SQLException {
    if (head != null) {
      return new Touched(content.key(), head.ordinal, head.status(), head.seq(), head.hash());
    }
    return content.fromSeq() == 1 ? beginning(content.key(), connection) : null;
  }

  private Touched beginning(ExecutionKey key, Connection connection) throws SQLException {
    return new Touched(key, ordinals.next(connection), null, 0, EntryEncoder.genesis());
  }

  /** From what the database has. */
  static Batch fromDatabase(List<JournalEntry> entries, Ordinals ordinals, Connection connection)
      throws SQLException {
    var batch = new Batch(ordinals);
    Map<ExecutionKey, DurableHead> heads = DurableHead.read(connection, keys(entries));
    Map<DurableHead.Place, byte[]> chain = rewritten(entries, heads, connection);
    for (JournalEntry entry : entries) {
      JournalEntry.Content content = entry.content();
      if (content.events().isEmpty()) {
        continue;
      }
      DurableHead head = heads.get(content.key());
      if (head != null && isThere(content, head, chain)) {
        continue;
      }
      Touched one = batch.touched.get(content.key());
      if (one == null) {
        one =
            head == null
                ? batch.beginning(content.key(), connection)
                : new Touched(
                    content.key(), head.ordinal(), head.status(), head.seq(), head.hash());
        batch.touched.put(content.key(), one);
      }
      if (!one.takes(content) && !one.has(content)) {
        batch.fenced.add(entry);
      }
    }
    return batch;
  }

  private static Collection<ExecutionKey> keys(List<JournalEntry> entries) {
    Set<ExecutionKey> keys = LinkedHashSet.newLinkedHashSet(entries.size());
    for (JournalEntry entry : entries) {
      keys.add(entry.content().key());
    }
    return keys;
  }

  /** The chain from where entries begin that may be there already. */
  private static Map<DurableHead.Place, byte[]> rewritten(
      List<JournalEntry> entries, Map<ExecutionKey, DurableHead> heads, Connection connection)
      throws SQLException {
    var firsts = new HashMap<Long, Long>();
    for (JournalEntry entry : entries) {
      JournalEntry.Content content = entry.content();
      DurableHead head = heads.get(content.key());
      if (head != null && content.fromSeq() <= head.seq()) {
        firsts.merge(head.ordinal(), content.fromSeq(), Math::min);
      }
    }
    return firsts.isEmpty() ? Map.of() : DurableHead.chain(connection, firsts);
  }

  /** The hash after an event stands for all events up to it. */
  private static boolean isThere(
      JournalEntry.Content content, DurableHead head, Map<DurableHead.Place, byte[]> chain) {
    byte[] hash = chain.get(new DurableHead.Place(head.ordinal(), content.after().seq()));
    return hash != null && Arrays.equals(hash, content.hash());
  }
}
