package dev.holdfast.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.core.Command;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleCommand.SwitchSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store lists, and what it removes for good when it is old. */
public abstract class ListingContract extends StateStoreFixture {
  @Test
  void schedulesAreKeptAndNotListed() {
    ExecutionKey key = ExecutionKey.ofSchedule("default", "nightly");
    Driven schedule = new Driven(Schedule.PLAN, key);
    var set = new SetSchedule(key, ScheduleSpec.of("* * * * *", "review"), "ann");
    append(schedule.apply(set, T0).orElseThrow());
    append(schedule.apply(new Command.FireTimers(), T0.plusSeconds(60)).orElseThrow());
    assertKept(schedule);
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0));
    assertThat(ids(query("default"))).containsExactly("one");
    assertThat(store.purge("default", T0.plusSeconds(600), false)).isZero();
    assertKept(schedule);
    var delete = new SwitchSchedule("d", ScheduleStatus.DELETED, "ann", null);
    append(schedule.apply(delete, T0.plusSeconds(90)).orElseThrow());
    assertKept(schedule);
    append(schedule.apply(set, T0.plusSeconds(100)).orElseThrow());
    assertKept(schedule);
    assertThat(schedule.state().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(ids(query("default"))).containsExactly("one");
  }

  @Test
  void deletedSchedulesArePurgedAndNotCounted() {
    ExecutionKey key = ExecutionKey.ofSchedule("default", "nightly");
    Driven schedule = new Driven(Schedule.PLAN, key);
    var set = new SetSchedule(key, ScheduleSpec.of("* * * * *", "review"), "ann");
    append(schedule.apply(set, T0).orElseThrow());
    var delete = new SwitchSchedule("d", ScheduleStatus.DELETED, "ann", null);
    append(schedule.apply(delete, T0.plusSeconds(1)).orElseThrow());
    Driven old = Driven.of(PLAN, "old");
    append(old.start(T0));
    append(old.finish(T0.plusSeconds(1)));
    Instant limit = T0.plusSeconds(50);
    assertThat(store.purge("default", limit, true)).isEqualTo(1);
    assertThat(store.purge("default", limit, false)).isEqualTo(1);
    assertThat(store.load(key, PLANS)).isEmpty();
    assertThat(store.load(old.key(), PLANS)).isEmpty();
  }

  @Test
  void listShowsTheExecution() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0, Map.of("customer", "acme"), "s-1"));
    append(one.step(T0.plusSeconds(3), null).orElseThrow());
    assertThat(store.list(query("default")).items())
        .containsExactly(
            new ExecutionRow(
                one.key(),
                "review",
                1,
                ExecutionStatus.RUNNING,
                "s-1",
                Map.of("customer", "acme"),
                5,
                T0,
                T0.plusSeconds(3),
                null,
                null));
    append(one.finish(T0.plusSeconds(9)));
    ExecutionRow ended = store.list(query("default")).items().getFirst();
    assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(ended.updatedAt()).isEqualTo(T0.plusSeconds(9));
    assertThat(ended.endedAt()).isEqualTo(T0.plusSeconds(9));
  }

  @Test
  void listIsFiltered() {
    Driven paused = Driven.of(PLAN, "paused");
    Driven done = Driven.of(PLAN, "done");
    Driven failed = Driven.of(Plans.chain("other", 1), "failed");
    append(paused.start(T0, Map.of("k", "v", "x", "1"), "s-1"));
    append(done.start(T0.plusSeconds(10), Map.of("k", "v", "x", "2"), "s-1"));
    append(failed.start(T0.plusSeconds(20), Map.of("k", "w"), null));
    append(paused.pause(T0.plusSeconds(30)));
    append(done.finish(T0.plusSeconds(30)));
    append(
        failed
            .apply(new Command.CancelExecution("c", "ann", null), T0.plusSeconds(30))
            .orElseThrow());

    assertThat(ids(query("default"))).containsExactly("failed", "done", "paused");
    assertThat(ids(status(ExecutionStatus.PAUSED))).containsExactly("paused");
    assertThat(ids(status(ExecutionStatus.COMPLETED))).containsExactly("done");
    assertThat(ids(status(ExecutionStatus.CANCELLED))).containsExactly("failed");
    assertThat(ids(status(ExecutionStatus.RUNNING))).isEmpty();
    assertThat(ids(filter("other", null, Map.of(), null, null))).containsExactly("failed");
    assertThat(ids(filter(null, "s-1", Map.of(), null, null))).containsExactly("done", "paused");
    assertThat(ids(filter(null, null, Map.of("k", "v"), null, null)))
        .containsExactly("done", "paused");
    assertThat(ids(filter(null, null, Map.of("k", "v", "x", "1"), null, null)))
        .containsExactly("paused");
    assertThat(ids(filter(null, "s-1", Map.of("x", "2"), T0, null))).containsExactly("done");
    assertThat(ids(filter(null, null, Map.of(), T0.plusSeconds(10), null)))
        .containsExactly("failed", "done");
    assertThat(ids(filter(null, null, Map.of(), T0, T0.plusSeconds(20))))
        .containsExactly("done", "paused");
    assertThat(ids(query("nobody"))).isEmpty();
  }

  private static ExecutionQuery status(ExecutionStatus status) {
    return new ExecutionQuery("default", status, null, null, Map.of(), null, null, 100, null);
  }

  private static ExecutionQuery filter(
      @Nullable String definition,
      @Nullable String session,
      Map<String, String> attributes,
      @Nullable Instant from,
      @Nullable Instant to) {
    return new ExecutionQuery(
        "default", null, definition, session, attributes, from, to, 100, null);
  }

  @Test
  void listIsPagedByKeysetWhileItGrows() {
    // Three start at the same instant each time, so that the order within an instant shows too.
    List<Driven> all = IntStream.range(0, 30).mapToObj(i -> Driven.of(PLAN, "x" + i)).toList();
    for (int i = 0; i < 30; i++) {
      append(all.get(i).start(T0.plusMillis(i / 3), Map.of("k", "v"), null));
    }
    for (Map<String, String> attributes : List.of(Map.<String, String>of(), Map.of("k", "v"))) {
      var seen = new ArrayList<String>();
      String cursor = null;
      do {
        ExecutionPage page =
            store.list(
                new ExecutionQuery("default", null, null, null, attributes, null, null, 7, cursor));
        page.items().forEach(row -> seen.add(row.key().id()));
        cursor = page.nextCursor();
        append(
            Driven.of(PLAN, "later" + attributes.size() + seen.size())
                .start(T0.plusSeconds(60), Map.of("k", "v"), null));
      } while (cursor != null);
      assertThat(seen.stream().filter(id -> id.startsWith("x")))
          .containsExactlyElementsOf(IntStream.range(0, 30).mapToObj(i -> "x" + (29 - i)).toList());
    }
  }

  @Test
  void badCursorAndLimitAreRefused() {
    assertThatThrownBy(() ->
            store.list(
                new ExecutionQuery("default", null, null, null, Map.of(), null, null, 10, "?!")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            store.list(
                new ExecutionQuery("default", null, null, null, Map.of(), null, null, 1001, null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oldOnesArePurged() {
    Driven old = Driven.of(PLAN, "old");
    Driven recent = Driven.of(PLAN, "recent");
    Driven live = Driven.of(PLAN, "live");
    Driven theirs = new Driven(PLAN, new ExecutionKey("theirs", "old"));
    append(old.start(T0, Map.of("k", "v"), null), recent.start(T0), live.start(T0));
    append(theirs.start(T0));
    append(old.finish(T0.plusSeconds(1)));
    append(theirs.finish(T0.plusSeconds(1)));
    append(recent.finish(T0.plusSeconds(100)));
    Instant limit = T0.plusSeconds(50);

    assertThat(store.purge(null, limit, true)).isEqualTo(2);
    assertThat(store.purge("default", limit, true)).isEqualTo(1);
    assertKept(old);
    assertThat(store.purge("default", limit, false)).isEqualTo(1);
    assertThat(store.load(old.key(), PLANS)).isEmpty();
    assertThat(store.history(old.key(), 0, 10)).isEmpty();
    assertThat(ids(query("default"))).containsExactlyInAnyOrder("recent", "live");
    assertThat(ids(filter(null, null, Map.of("k", "v"), null, null))).isEmpty();
    assertKept(recent);
    assertKept(live);
    assertKept(theirs);
    assertThat(store.purge(null, limit, false)).isEqualTo(1);
    assertThat(store.purge(null, limit, false)).isZero();
  }
}
