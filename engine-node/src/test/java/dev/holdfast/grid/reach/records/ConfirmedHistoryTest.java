package dev.holdfast.grid.reach.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.Replicas;
import dev.holdfast.grid.TestMember;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A disk may have events that no other member has. */
class ConfirmedHistoryTest {
  private static final ExecutionKey KEY = TestMember.key("cut-off");

  @Test
  void memberThatSeesNobodyElseShowsNothingThatWasNotConfirmed() {
    var store = new MemoryStateStore();
    try (var member = new TestMember(store)) {
      member.register("q", "name: q\ntasks: { only: { agent: nobody } }\n");
      member.start("q", KEY.id(), null);
      ExecutionState confirmed = member.state(KEY.id());
      member.submit(KEY.id(), new Command.CancelExecution("c", "ann", null));
      assertThat(store.history(KEY, 0, 100)).hasSizeGreaterThan((int) confirmed.seq());
      var hazelcast = member.engine.hazelcast();
      var alone = new Neighbours(Peers.on(hazelcast), new Replicas(hazelcast));

      var records = new ClusterRecords(store, alone, key -> Optional.of(confirmed));

      assertThat(records.history(KEY, 0, 100))
          .extracting(HistoryItem::seq)
          .last()
          .isEqualTo(confirmed.seq());
      assertThat(records.history(KEY, confirmed.seq(), 100)).isEmpty();
    }
  }
}
