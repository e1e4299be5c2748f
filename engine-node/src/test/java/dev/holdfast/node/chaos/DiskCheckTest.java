package dev.holdfast.node.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Decider;
import dev.holdfast.core.Decision;
import dev.holdfast.core.Event;
import dev.holdfast.core.Evolver;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.grid.DefinitionRegistry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.codec.EntryEncoder;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import dev.holdfast.node.chaos.history.Happened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Chains on disks: whole ones pass, broken, lost and better ones are found. */
class DiskCheckTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ExecutionKey KEY = new ExecutionKey(ExecutionKey.DEFAULT_TENANT, "e1");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void wholeChainPasses() throws IOException {
    byte[] hash = write("one", UnaryOperator.identity(), 7);
    assertThat(check(shown(hash, 7), "one")).isEmpty();
  }

  @Test
  void chainWhoseHashIsNotThatOfItsEventsIsFound() throws IOException {
    write("one", entry -> with(entry, new byte[EntryEncoder.HASH_BYTES]), 7);
    assertThat(check(shown(new byte[EntryEncoder.HASH_BYTES], 7), "one"))
        .anyMatch(text -> text.contains("e1") && text.contains("hash"));
  }

  @Test
  void lostChainIsFound() throws IOException {
    Files.createDirectories(folder.resolve("one"));
    assertThat(check(shown(new byte[32], 7), "one"))
        .singleElement()
        .asString()
        .contains("is on no disk");
  }

  @Test
  void betterChainThanTheOneShownIsFound() throws IOException {
    byte[] hash = write("one", UnaryOperator.identity(), 7);
    write("two", UnaryOperator.identity(), 8);
    assertThat(check(shown(hash, 7), "one", "two"))
        .singleElement()
        .asString()
        .contains("of epoch 8, shown was seq 2 of epoch 7");
  }

  private List<String> check(Map<String, List<Happened>> shown, String... disks) {
    var check = new DiskCheck(shown);
    for (String disk : disks) {
      try (var store =
          new SqliteStateStore(
              folder.resolve(disk).resolve("holdfast.db"), InstantSource.fixed(NOW))) {
        check.read(store);
      }
    }
    return check.wrong();
  }

  private static Map<String, List<Happened>> shown(byte[] hash, long epoch) {
    var last = JSON.createObjectNode();
    last.put("seq", 2).put("type", "TaskReadied").put("epoch", epoch);
    last.put("hash", HexFormat.of().formatHex(hash));
    return Map.of(KEY.id(), List.of(Happened.of(last)));
  }

  /** Starts an execution in a store of its own. The chain's head. */
  private byte[] write(String disk, UnaryOperator<JournalEntry> damage, long epoch)
      throws IOException {
    Path data = Files.createDirectories(folder.resolve(disk));
    InstantSource clock = InstantSource.fixed(NOW);
    try (var store = new SqliteStateStore(data.resolve("holdfast.db"), clock)) {
      var definitions = new DefinitionRegistry(store, clock);
      definitions.register(
          KEY.tenant(), "short", "application/yaml", "name: short\ntasks: { a: { agent: a } }\n");
      Plan plan = definitions.resolve(KEY.tenant(), "short", 1);
      store.recover(definitions::resolve, live -> {});
      JournalEntry entry = damage.apply(start(plan, epoch));
      byte[] hash = entry.content().hash();
      store.append(List.of(entry));
      return hash;
    }
  }

  private static JournalEntry with(JournalEntry entry, byte[] hash) {
    JournalEntry.Content c = entry.content();
    return JournalEntry.pending(
        new JournalEntry.Content(
            c.key(),
            c.fromSeq(),
            c.epoch(),
            c.at(),
            c.events(),
            c.payload(),
            c.previousHash(),
            hash,
            c.after()));
  }

  private static JournalEntry start(Plan plan, long epoch) {
    var command =
        new Command.StartExecution(
            plan, KEY, null, Map.of(), null, 5, Duration.ofHours(1), "digest", "test");
    var decision = (Decision.Accepted) Decider.decide(null, command, NOW);
    List<Event> events = decision.events();
    ExecutionState state =
        Evolver.begin(plan, KEY, (Event.ExecutionStarted) events.getFirst(), NOW);
    state = Evolver.evolve(state, events.subList(1, events.size()), NOW);
    return EntryEncoder.encode(KEY, 1, epoch, NOW, events, EntryEncoder.genesis(), state);
  }
}
