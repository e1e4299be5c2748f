package dev.holdfast.core.simulation;

import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.core.Command;
import dev.holdfast.core.RandomSpawns;
import dev.holdfast.core.simulation.Faults.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * An agent: works on what it is given for a while, and reports until it has heard that it was
 * heard. A crash makes it forget all, and come back under another name.
 */
final class SimulatedAgent {
  static final int CAPACITY = 4;
  private static final long RESEND_MILLIS = 2000;

  private final int number;
  private final Agenda agenda;
  private final Faults faults;
  private final Network network;
  private final SimulatedNode node;
  private final Observer observer;
  private final Set<Token> running = new LinkedHashSet<>();

  /** Whatever it was ever given: a message that comes twice is heard once. */
  private final Set<Token> given = new LinkedHashSet<>();

  private int life;
  private boolean up = true;

  SimulatedAgent(
      int number,
      Agenda agenda,
      Faults faults,
      Network network,
      SimulatedNode node,
      Observer observer) {
    this.number = number;
    this.agenda = agenda;
    this.faults = faults;
    this.network = network;
    this.node = node;
    this.observer = observer;
    agenda.every(1000, this::beat);
  }

  String name() {
    return "agent-" + number + "." + life;
  }

  private void beat() {
    if (!up) {
      return;
    }
    if (faults.strike(Kind.AGENT_CRASH, 0.005)) {
      crash();
      return;
    }
    String name = name();
    var named = new LinkedHashSet<>(running);
    network.send(() -> node.dispatcher().beat(this, name, named));
  }

  private void crash() {
    up = false;
    life++;
    running.clear();
    agenda.after(faults.between(500, 20_000), () -> up = true);
  }

  void assigned(String name, Token token) {
    if (up && name.equals(name()) && given.add(token)) {
      running.add(token);
      observer.assigned(token);
      agenda.after(faults.between(20, 3000), () -> finish(token));
    }
  }

  void revoked(Token token) {
    running.remove(token);
  }

  private void finish(Token token) {
    if (!running.contains(token)) {
      return;
    }
    if (faults.strike(Kind.AGENT_HANGS, 0.02)) {
      agenda.after(60_000, () -> finish(token));
    } else {
      double luck = faults.fraction();
      report(token, luck < 0.85 ? result(token) : failure(token, luck));
    }
  }

  private Command result(Token token) {
    List<SpawnedTask> spawn =
        RandomSpawns.next(
            new SplittableRandom(token.nonce()), node.plans.apply(token.key()), token.task(), true);
    return new Command.CompleteTask(
        token.task(), token.attempt(), token.nonce(), token.task() + " done", spawn);
  }

  private static Command failure(Token token, double luck) {
    var error = new TaskError(luck < 0.98 ? "oops" : "fatal", "it went wrong");
    return new Command.FailTask(
        token.task(), token.attempt(), token.nonce(), error, luck < 0.99, null);
  }

  private void report(Token token, Command report) {
    if (running.contains(token)) {
      int then = life;
      network.send(() ->
          node.submit(
              token.key(),
              report,
              reply -> network.send(() -> answered(then, token, report, reply))));
      agenda.after(RESEND_MILLIS, () -> report(token, report));
    }
  }

  private void answered(int then, Token token, Command report, Reply reply) {
    if (life == then && running.remove(token)) {
      observer.answered(token, report, reply);
    }
  }
}
