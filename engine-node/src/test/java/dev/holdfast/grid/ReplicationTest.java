package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.GroupCommitJournal;
import dev.holdfast.journal.Journal;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.JournalEntry.Origin;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What a promoted backup writes again, where the store has taken something else meanwhile. */
class ReplicationTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ExecutionKey KEY = TestMember.key("moved");

  @Test
  void tailThatTheStoreRefusesHasItsExecutionReadAgain() {
    var store = new MemoryStateStore();
    try (var member = new TestMember(store)) {
      member.register("q", "name: q\ntasks: { only: { agent: nobody } }\n");
      member.start("q", KEY.id(), null);
      ExecutionEntry before =
          store.loadEntry(KEY, member.engine.definitions()::resolve).orElseThrow();
      member.submit(KEY.id(), new Command.CancelExecution("c", "ann", null));
      var hazelcast = member.engine.hazelcast();
      var fenced = new ConcurrentLinkedQueue<ExecutionKey>();
      var replication =
          new Replication(
              Durability.SHARED_STORE, Peers.on(hazelcast), new Replicas(hazelcast), fenced::add);
      try (Journal journal =
          new GroupCommitJournal(store, batch -> {}, replication, InstantSource.system())) {
        ExecutionEntry tail = pausedElsewhere(replication, journal, before);
        replication.settled(journal, tail, 2);
        await().atMost(SOON).until(() -> tail.last().hasFailed());
        await().atMost(SOON).untilAsserted(() -> assertThat(fenced).containsExactly(KEY));
      }
    }
  }

  /** The backup's copy of what an owner decided that is gone now. */
  private static ExecutionEntry pausedElsewhere(
      Replication replication, Journal journal, ExecutionEntry before) {
    var pause = new Command.PauseExecution("p", PauseMode.IMMEDIATE, "ann", null);
    Instant at = before.state().updatedAt();
    var decided = (Decision.Accepted) Decider.decide(before.state(), pause, at);
    ExecutionState after = Evolver.evolve(before.state(), decided.events(), at);
    var content =
        EntryEncoder.content(
            KEY,
            before.state().seq() + 1,
            1,
            at,
            List.copyOf(decided.events()),
            before.hash(),
            after);
    JournalEntry copy =
        replication.copied(journal, before, content, new Origin(UUID.randomUUID(), 1));
    return new ExecutionEntry(after, content.hash(), copy);
  }
}
