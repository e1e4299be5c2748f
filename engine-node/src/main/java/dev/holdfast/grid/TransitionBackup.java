package dev.holdfast.grid;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Event.ExecutionStarted;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.codec.HistoryDecoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transition's events on their way to the backup, which folds them into its own copy: so the
 * backup's state can't differ from what was journaled.
 */
public final class TransitionBackup
    implements EntryProcessor<String, ExecutionEntry, Void>,
        IdentifiedDataSerializable,
        HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(TransitionBackup.class);

  private transient ExecutionKey key = new ExecutionKey(ExecutionKey.DEFAULT_TENANT, "0");
  private long fromSeq;
  private byte[] previousHash = {};
  private byte[] payload = {};
  private transient @Nullable HazelcastInstance hazelcast;

  /** For deserialisation. */
  public TransitionBackup() {}

  TransitionBackup(ExecutionKey key, long fromSeq, byte[] previousHash, byte[] payload) {
    this.key = key;
    this.fromSeq = fromSeq;
    this.previousHash = previousHash;
    this.payload = payload;
  }

  @Override
  public @Nullable Void process(Entry<String, ExecutionEntry> slot) {
    ExecutionEntry current = slot.getValue();
    var decoder = new HistoryDecoder(current == null ? EntryEncoder.genesis() : current.hash());
    var items = new ArrayList<HistoryItem>();
    decoder.read(payload, items::add);
    ExecutionState state = current == null ? null : current.state();
    if (state != null && state.seq() + 1 != fromSeq) {
      // The copy misses something; the partition's owner will send it whole with the next
      // migration.
      LOG.warn("backup of {} is at seq {}, events come from {}", key, state.seq(), fromSeq);
      return null;
    }
    for (HistoryItem item : items) {
      state = fold(state, item);
    }
    if (state != null) {
      slot.setValue(new ExecutionEntry(state, decoder.hash(), pending(state, items, decoder)));
    }
    return null;
  }

  private ExecutionState fold(@Nullable ExecutionState state, HistoryItem item) {
    if (state != null) {
      return Evolver.evolve(state, item.event(), item.at());
    }
    if (!(item.event() instanceof ExecutionStarted started)) {
      throw new IllegalStateException("the backup of " + key + " lacks its beginning");
    }
    Plan plan = plans().resolve(key.tenant(), started.definition(), started.version());
    return Evolver.begin(plan, key, started, item.at());
  }

  /** Kept, not written: this member writes them only when it is promoted before the owner did. */
  private JournalEntry pending(
      ExecutionState state, List<HistoryItem> items, HistoryDecoder decoder) {
    HistoryItem first = items.getFirst();
    return JournalEntry.pending(
        new JournalEntry.Content(
            key,
            fromSeq,
            first.epoch(),
            first.at(),
            items.stream().map(HistoryItem::event).toList(),
            payload,
            previousHash,
            decoder.hash(),
            state));
  }

  private PlanResolver plans() {
    if (hazelcast == null) {
      throw new IllegalStateException("not running on a member");
    }
    return GridSerialization.plansOf(hazelcast);
  }

  @Override
  public EntryProcessor<String, ExecutionEntry, Void> getBackupProcessor() {
    return this;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    this.hazelcast = instance;
  }

  @Override
  public int getFactoryId() {
    return GridSerialization.FACTORY_ID;
  }

  @Override
  public int getClassId() {
    return GridSerialization.TRANSITION_BACKUP;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(key.text());
    out.writeLong(fromSeq);
    out.writeByteArray(previousHash);
    out.writeByteArray(payload);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    key = ExecutionKey.parse(in.readString());
    fromSeq = in.readLong();
    previousHash = in.readByteArray();
    payload = in.readByteArray();
  }
}
