package dev.holdfast.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.Event;
import dev.holdfast.core.ScheduleEvent;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.Plans;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventCodecTest {
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

  private static List<HistoryItem> read(byte[] payload, byte[] previousHash) {
    var items = new ArrayList<HistoryItem>();
    new HistoryDecoder(previousHash).read(payload, items::add);
    return items;
  }

  @Test
  void everyEventComesBack() {
    Driven one = Driven.of(Plans.chain("review", 1), "one");
    one.start(AT);
    JournalEntry entry =
        EntryEncoder.encode(one.key(), 7, 3, AT, Samples.ALL, EntryEncoder.genesis(), one.state());
    List<HistoryItem> items = read(entry.content().payload(), EntryEncoder.genesis());
    assertThat(items.stream().map(HistoryItem::event)).isEqualTo(Samples.ALL);
    for (int i = 0; i < items.size(); i++) {
      assertThat(items.get(i).seq()).isEqualTo(7 + i);
      assertThat(items.get(i).at()).isEqualTo(AT);
      assertThat(items.get(i).epoch()).isEqualTo(3);
    }
    assertThat(items.getLast().hash()).isEqualTo(entry.content().hash());
  }

  @Test
  void samplesHaveEveryKindOfEvent() {
    Set<Class<?>> sampled = new HashSet<>();
    Samples.ALL.forEach(event -> sampled.add(event.getClass()));
    Set<Class<?>> kinds = new HashSet<>(Set.of(Event.class.getPermittedSubclasses()));
    kinds.remove(Event.OfSchedule.class);
    kinds.addAll(Set.of(ScheduleEvent.class.getPermittedSubclasses()));
    assertThat(sampled).isEqualTo(kinds);
  }

  @Test
  void hashIsThatOfTheHashBeforeAndTheBytes() throws NoSuchAlgorithmException {
    Driven one = Driven.of(Plans.chain("review", 1), "one");
    JournalEntry start = one.start(AT);
    byte[] previous = EntryEncoder.genesis();
    byte[] payload = start.content().payload();
    int from = 0;
    for (HistoryItem item : read(payload, previous)) {
      int to = endOfFirst(payload, from);
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(previous);
      sha256.update(payload, from, to - from);
      previous = sha256.digest();
      assertThat(item.hash()).isEqualTo(previous);
      from = to;
    }
    assertThat(from).isEqualTo(payload.length);
    assertThat(one.hash()).isEqualTo(previous);
  }

  private static int endOfFirst(byte[] payload, int from) {
    for (int to = from + 1; to <= payload.length; to++) {
      byte[] slice = Arrays.copyOfRange(payload, from, to);
      try {
        if (read(slice, EntryEncoder.genesis()).size() == 1) {
          return to;
        }
      } catch (CodecException e) {
        assertThat(to).isLessThan(payload.length);
      }
    }
    throw new AssertionError("no event at " + from);
  }

  @Test
  void timesFarAwayComeBack() {
    for (Instant at :
        List.of(
            Instant.EPOCH,
            Instant.parse("1969-12-31T23:59:59.999999999Z"),
            Instant.parse("2262-04-12T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999999999Z"))) {
      var event = new Event.TaskRetryScheduled("t0", at);
      assertThat(roundTrip(event, at).event()).isEqualTo(event);
      assertThat(roundTrip(event, at).at()).isEqualTo(at);
    }
    var pause =
        new Event.PauseRequested(
            "c", dev.holdfast.api.PauseMode.GRACEFUL, "ann", null, Duration.ofNanos(-1), AT);
    assertThat(roundTrip(pause, AT).event()).isEqualTo(pause);
  }

  private static HistoryItem roundTrip(Event event, Instant at) {
    Driven one = Driven.of(Plans.chain("review", 1), "one");
    one.start(AT);
    byte[] payload =
        EntryEncoder.encode(
                one.key(), 1, 0, at, List.of(event), EntryEncoder.genesis(), one.state())
            .content()
            .payload();
    return read(payload, EntryEncoder.genesis()).getFirst();
  }

  @Test
  void randomExecutionsComeBack() {
    for (int round = 0; round < 200; round++) {
      long seed = 41 + round;
      var random = new SplittableRandom(seed);
      Driven one =
          Driven.of(
              switch (round % 3) {
                case 0 -> Plans.chain("c", 4);
                case 1 -> Plans.fan("f", 5);
                default -> Plans.lists("l", 3);
              },
              "x" + round);
      byte[] head = EntryEncoder.genesis();
      var read = new ArrayList<Event>();
      Instant now = AT;
      for (int step = 0; step < 60; step++) {
        now = now.plusNanos(random.nextLong(2_000_000_000L));
        var entry = one.anything(random, now);
        if (entry.isPresent()) {
          var decoder = new HistoryDecoder(head);
          decoder.read(entry.get().content().payload(), item -> read.add(item.event()));
          head = decoder.hash();
        }
      }
      assertThat(read).as("seed %d", seed).isEqualTo(one.events());
      assertThat(head).as("seed %d", seed).isEqualTo(one.hash());
    }
  }

  @Test
  void damagedBytesAreNeverTakenForGood() {
    Driven one = Driven.of(Plans.chain("review", 1), "one");
    one.start(AT);
    JournalEntry entry =
        EntryEncoder.encode(one.key(), 1, 0, AT, Samples.ALL, EntryEncoder.genesis(), one.state());
    byte[] payload = entry.content().payload();
    var random = new SplittableRandom(7);
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = payload.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        var decoder = new HistoryDecoder(EntryEncoder.genesis());
        decoder.read(damaged, item -> {});
        assertThat(decoder.hash()).isNotEqualTo(entry.content().hash());
      } catch (CodecException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void entryNeedsEvents() {
    Driven one = Driven.of(Plans.chain("review", 1), "one");
    one.start(AT);
    assertThatThrownBy(() ->
            EntryEncoder.encode(
                one.key(), 1, 0, AT, List.of(), EntryEncoder.genesis(), one.state()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encoderWorksOnAfterAValueThatIsNone() {
    Driven one = Driven.of(Plans.chain("review", 1), "one");
    one.start(AT);
    var bad = new Event.TaskCompleted("t0", 1, List.of(new Object()));
    assertThatThrownBy(() ->
            EntryEncoder.encode(
                one.key(), 1, 0, AT, List.of(bad), EntryEncoder.genesis(), one.state()))
        .isInstanceOf(IllegalArgumentException.class);
    var good = new Event.TaskCompleted("t0", 1, "fine");
    assertThat(roundTrip(good, AT).event()).isEqualTo(good);
    assertThat(HexFormat.of().formatHex(one.hash())).hasSize(64);
  }
}
