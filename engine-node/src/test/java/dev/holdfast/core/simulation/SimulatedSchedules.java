package dev.holdfast.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.core.Event;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ScheduleCommand.SetSchedule;
import dev.holdfast.core.ScheduleCommand.SwitchSchedule;
import dev.holdfast.core.ScheduleEvent.FiringBegan;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A schedule and who sets, pauses and in the end deletes it; and what has to hold of what it began.
 */
final class SimulatedSchedules {
  static final ExecutionKey KEY = ExecutionKey.ofSchedule("default", "often");
  private static final long CONTROL_MILLIS = 40_000;
  private static final long RESEND_MILLIS = 1500;

  private final Faults faults;
  private final Network network;
  private final SimulatedJournal journal;
  private final SimulatedNode node;
  private final ScheduleSpec spec;
  private int commandIds;

  SimulatedSchedules(
      Agenda agenda, Faults faults, Network network, SimulatedJournal journal, SimulatedNode node) {
    this.faults = faults;
    this.network = network;
    this.journal = journal;
    this.node = node;
    OverlapPolicy[] policies = OverlapPolicy.values();
    this.spec =
        ScheduleSpec.of("*/45 * * * * *", "report")
            .overlap(policies[(int) faults.between(0, policies.length)])
            .catchUp(Duration.ofMinutes(faults.between(1, 5)));
    agenda.every(RESEND_MILLIS, this::setOrDelete);
    agenda.every(CONTROL_MILLIS, this::perhapsTurn);
  }

  private ScheduleStatus status() {
    ExecutionState state = journal.state(KEY);
    return state == null ? ScheduleStatus.DELETED : state.schedule().status();
  }

  /** There while things go wrong, and gone once they don't. */
  private void setOrDelete() {
    if (faults.areOn()) {
      network.send(() -> node.submit(KEY, new SetSchedule(KEY, spec, "ann"), reply -> {}));
    } else if (status() != ScheduleStatus.DELETED) {
      turn(ScheduleStatus.DELETED);
    }
  }

  private void perhapsTurn() {
    if (faults.areOn()) {
      turn(faults.fraction() < 0.3 ? ScheduleStatus.PAUSED : ScheduleStatus.ACTIVE);
    }
  }

  private void turn(ScheduleStatus to) {
    String id = "turn-" + commandIds++;
    network.send(() -> node.submit(KEY, new SwitchSchedule(id, to, "ann", null), reply -> {}));
  }

  /** Each time has one number, and each number one execution at most, which is no other's. */
  int validate() {
    var numbers = new HashMap<String, Integer>();
    Set<Integer> given = new HashSet<>();
    for (Event event : journal.eventsOf(KEY)) {
      if (event instanceof FiringBegan began) {
        assertThat(numbers.put(began.execution(), began.number()))
            .as("%s is begun once", began.execution())
            .isNull();
        assertThat(given.add(began.number())).as("number %s", began.number()).isTrue();
      }
    }
    Map<String, Integer> begun = Map.copyOf(numbers);
    for (ExecutionKey key : journal.keys()) {
      ParentLink link = journal.state(key).header().parent();
      if (link != null && link.isOfSchedule()) {
        assertThat(begun).containsEntry(key.id(), link.attempt());
        numbers.remove(key.id());
      }
    }
    // What ran when the schedule was deleted may never have been begun; it is deleted once or
    // twice.
    assertThat(numbers).hasSizeLessThanOrEqualTo(2);
    return begun.size();
  }
}
