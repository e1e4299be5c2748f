package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.core.ChildReport;
import dev.holdfast.core.Command;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.ScheduleCommand.BeginFiring;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleCommand.SwitchSchedule;
import dev.holdfast.core.Step;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.Plans;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What was ever written is read for ever: the files here are never changed, only added to. {@code
 * -Dholdfast.golden=DIR} writes those that are missing.
 */
class GoldenFilesTest {
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

  private static byte[] golden(String name, byte[] now) throws IOException {
    try (InputStream in = GoldenFilesTest.class.getResourceAsStream("/golden/" + name)) {
      if (in != null) {
        return HexFormat.of().parseHex(new String(in.readAllBytes()).replaceAll("\\s", ""));
      }
    }
    String folder = System.getProperty("holdfast.golden");
    assertThat(folder).as("no golden file %s; see this class", name).isNotNull();
    Files.createDirectories(Path.of(folder));
    Files.writeString(
        Path.of(folder, name), HexFormat.of().formatHex(now).replaceAll("(.{100})", "$1\n") + '\n');
    return now;
  }

  @Test
  void everyEventEverWrittenIsRead() throws IOException {
    var numbers = new java.util.HashMap<String, Integer>();
    Driven one = Driven.of(Plans.chain("review", 1), "one");
    one.start(AT);
    for (Event event : Samples.ALL) {
      String type = event.getClass().getSimpleName();
      String name = type + "-1-" + numbers.merge(type, 1, Integer::sum) + ".hex";
      byte[] now =
          EntryEncoder.encode(
                  one.key(), 9, 4, AT, List.of(event), EntryEncoder.genesis(), one.state())
              .content()
              .payload();
      byte[] golden = golden(name, now);
      var items = new ArrayList<HistoryItem>();
      new HistoryDecoder(EntryEncoder.genesis()).read(golden, items::add);
      assertThat(items).as(name).hasSize(1);
      assertThat(items.getFirst().event()).as(name).isEqualTo(event);
      assertThat(items.getFirst().seq()).isEqualTo(9);
      assertThat(items.getFirst().epoch()).isEqualTo(4);
      assertThat(items.getFirst().at()).isEqualTo(AT);
      // Maps of one execution's events may be written in another order; these samples have none.
      assertThat(golden).as(name).isEqualTo(now);
    }
  }

  @Test
  void everyStateEverWrittenIsRead() throws IOException {
    Driven one = Driven.of(Plans.chain("review", 4), "one");
    var random = new SplittableRandom(5);
    for (int i = 0; i < 40; i++) {
      one.anything(random, AT.plusSeconds(i));
    }
    byte[] golden = golden("ExecutionState-1.hex", StateCodec.encode(one.state()));
    ExecutionState state = StateCodec.decode(golden, Plans.resolver(one.state().plan()));
    assertThat(state.key()).isEqualTo(one.key());
    assertThat(state.tasks()).hasSize(4);
    assertThat(StateCodec.encode(state)).isEqualTo(golden);
  }

  @Test
  void everyScheduleEverWrittenIsRead() throws IOException {
    ExecutionKey key = ExecutionKey.ofSchedule("default", "nightly");
    ExecutionState state = null;
    Instant at = AT;
    ScheduleSpec spec = Samples.SPEC.overlap(OverlapPolicy.QUEUE).catchUp(Duration.ofDays(5));
    for (Command command :
        List.of(
            new SetSchedule(key, spec, "ann"),
            new Command.FireTimers(),
            new BeginFiring(Instant.parse("2026-03-02T06:00:00Z"), 17, 3),
            new Command.TellOfChild("any", 1, new ChildReport.Completed(null)),
            new BeginFiring(Instant.parse("2026-03-03T06:00:00Z"), -18, 3),
            new SwitchSchedule("c-1", ScheduleStatus.PAUSED, "ann", "a look"))) {
      at = command instanceof Command.FireTimers ? at.plus(Duration.ofDays(4)) : at;
      state = ((Step.Changed) Step.of(state, command, at)).after();
    }
    byte[] golden = golden("Schedule-1.hex", StateCodec.encode(state));
    ExecutionState read = StateCodec.decode(golden, (tenant, definition, version) -> Schedule.PLAN);
    assertThat(read).isEqualTo(state);
  }
}
