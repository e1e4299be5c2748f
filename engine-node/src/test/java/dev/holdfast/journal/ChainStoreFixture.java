package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.journal.ChainStore.Chain;
import dev.holdfast.journal.ChainStore.ChainHead;
import dev.holdfast.journal.ChainStore.Merged;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What tests of stores that a member has for itself are written with. */
abstract class ChainStoreFixture extends StateStoreContract {
  protected static final Instant LATER = Instant.now().plusSeconds(600);

  protected ChainStore chains() {
    return (ChainStore) store;
  }

  /** Closes and opens it again, where it outlives the process. */
  protected abstract void reopenStore();

  /** As another store has it, which got these entries. */
  protected static Chain chainOf(List<JournalEntry> entries) {
    var other = new MemoryStateStore();
    other.append(entries);
    return other.chain(entries.getFirst().content().key()).orElseThrow();
  }

  protected Optional<ExecutionEntry> merge(Chain chain) {
    Merged merged = chains().merge(List.of(chain), PLANS).getFirst();
    assertThat(merged.damage()).isNull();
    return Optional.ofNullable(merged.live());
  }

  /** Whether the chain is complete now. */
  protected boolean fill(Chain chain) {
    assertThat(chains().fill(List.of(chain), PLANS).getFirst().damage()).isNull();
    return chains().head(chain.head().key()).map(ChainHead::complete).orElse(false);
  }

  protected static ExecutionKey key(String id) {
    return new ExecutionKey(ExecutionKey.DEFAULT_TENANT, id);
  }

  protected static Driven withEpoch(String id, long epoch) {
    return new Driven(PLAN, key(id), epoch);
  }

  protected void assertHead(Driven one, long epoch, boolean complete) {
    ChainHead head = chains().head(one.key()).orElseThrow();
    assertThat(head.seq()).isEqualTo(one.state().seq());
    assertThat(head.hash()).isEqualTo(one.hash());
    assertThat(head.epoch()).isEqualTo(epoch);
    assertThat(head.complete()).isEqualTo(complete);
    assertThat(head.ended()).isEqualTo(one.isEnded());
    var all = new ArrayList<>(chains().liveHeads().toList());
    assertThat(all).allMatch(live -> !live.ended());
    all.addAll(endedHeads());
    assertThat(all.stream().filter(listed -> listed.key().equals(one.key())))
        .singleElement()
        .satisfies(listed -> {
          assertThat(listed.isSameAs(head)).isTrue();
          assertThat(listed.epoch()).isEqualTo(epoch);
          assertThat(listed.complete()).isEqualTo(complete);
        });
  }

  protected List<ChainHead> endedHeads() {
    var heads = new ArrayList<ChainHead>();
    long from = 0;
    do {
      ChainStore.HeadPage part = chains().endedHeads(from, 2);
      heads.addAll(part.heads());
      from = part.next();
    } while (from > 0);
    assertThat(heads).allMatch(ChainHead::ended);
    return heads;
  }

  /** It is here, but for the history up to the base. */
  protected void assertAdopted(Driven one, int baseSeq, long epoch) {
    assertThat(store.load(one.key(), PLANS)).contains(one.state());
    assertThat(store.loadEntry(one.key(), PLANS).orElseThrow().hash()).isEqualTo(one.hash());
    List<HistoryItem> history = store.history(one.key(), 0, Integer.MAX_VALUE);
    List<Event> after = one.events().subList(baseSeq, one.events().size());
    assertThat(history.stream().map(HistoryItem::event)).isEqualTo(after);
    assertThat(ids(query("default"))).containsOnlyOnce(one.key().id());
    assertHead(one, epoch, false);
    assertThat(chains().chain(one.key()).orElseThrow().base()).isNotNull();
  }

  protected static Command resume() {
    return new Command.ResumeExecution("r", "bob", "done", false);
  }

  /** The same entries, not durable yet. */
  protected static List<JournalEntry> again(List<JournalEntry> entries) {
    return entries.stream().map(entry -> JournalEntry.pending(entry.content())).toList();
  }

  protected static List<JournalEntry> join(List<JournalEntry> one, List<JournalEntry> two) {
    var both = new ArrayList<>(one);
    both.addAll(two);
    return both;
  }
}
