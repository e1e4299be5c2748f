package dev.holdfast.grid.reach.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.TestMember;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk may have events that no other member has, or not have those that the others have. */
class ConfirmedHistoryTest {
  private static final ExecutionKey KEY = TestMember.key("cut-off");

  private final MemoryStateStore store = new MemoryStateStore();
  private final TestMember member = new TestMember(store);
  private ExecutionEntry confirmed;

  @BeforeEach
  void decideMoreThanWasConfirmed() {
    member.register("q", "name: q\ntasks: { only: { agent: nobody } }\n");
    member.start("q", KEY.id(), null);
    confirmed = store.loadEntry(KEY, member.engine.definitions()::resolve).orElseThrow();
    member.submit(KEY.id(), new Command.CancelExecution("c", "ann", null));
    assertThat(store.history(KEY, 0, 100)).hasSizeGreaterThan((int) confirmed.state().seq());
  }

  @AfterEach
  void close() {
    member.close();
  }

  private ClusterRecords records(ExecutionEntry owned) {
    var hazelcast = member.engine.hazelcast();
    var alone = new Neighbours(Peers.on(hazelcast), new Replicas(hazelcast));
    return new ClusterRecords(store, alone, key -> Optional.of(owned));
  }

  @Test
  void memberThatSeesNobodyElseShowsNothingThatWasNotConfirmed() {
    ClusterRecords records = records(confirmed);

    long seq = confirmed.state().seq();
    assertThat(records.history(KEY, 0, 100)).extracting(HistoryItem::seq).last().isEqualTo(seq);
    assertThat(records.history(KEY, seq, 100)).isEmpty();
  }

  @Test
  void memberWhoseDiskHasOtherEventsThanItsMemoryShowsNone() {
    byte[] other = confirmed.hash().clone();
    other[0]++;
    var elsewhere = new ExecutionEntry(confirmed.state(), other, JournalEntry.durable());

    assertThatThrownBy(() -> records(elsewhere).history(KEY, 0, 100))
        .isInstanceOf(StoreException.class);
  }
}
