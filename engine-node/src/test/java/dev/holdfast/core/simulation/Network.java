package dev.holdfast.core.simulation;

import dev.holdfast.core.simulation.Faults.Kind;

/** Brings messages: most of them once and soon. */
final class Network {
  private final Agenda agenda;
  private final Faults faults;

  Network(Agenda agenda, Faults faults) {
    this.agenda = agenda;
    this.faults = faults;
  }

  void send(Runnable delivery) {
    if (faults.strike(Kind.DROP, 0.02)) {
      return;
    }
    deliver(delivery);
    if (faults.strike(Kind.DUPLICATE, 0.02)) {
      deliver(delivery);
    }
  }

  private void deliver(Runnable delivery) {
    long millis = faults.between(1, 20);
    if (faults.strike(Kind.DELAY, 0.02)) {
      millis += faults.between(100, 8000);
    }
    agenda.after(millis, delivery);
  }
}
