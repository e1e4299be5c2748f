package dev.holdfast.core.simulation;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.LeaseLoss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings ready tasks and agents together, and watches what was handed over. */
final class SimulatedDispatcher {
  private static final long CLAIM_MILLIS = 4000;
  private static final long SILENCE_MILLIS = 5000;

  private record Offer(ExecutionKey key, String task) {}

  private static final class Lease {
    private final String worker;
    private final boolean recovered;
    private final long sinceMillis;
    private long seenMillis;

    private Lease(String worker, boolean recovered, long nowMillis) {
      this.worker = worker;
      this.recovered = recovered;
      this.sinceMillis = nowMillis;
      this.seenMillis = nowMillis;
    }
  }

  private static final class Session {
    private final SimulatedAgent agent;
    private long seenMillis;
    private int reserved;

    private Session(SimulatedAgent agent) {
      this.agent = agent;
    }
  }

  private final SimulatedNode node;
  private final Agenda agenda;
  private final Faults faults;
  private final Network network;
  private final Set<Offer> offers = new LinkedHashSet<>();
  private final Map<Token, Lease> leases = new LinkedHashMap<>();
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  SimulatedDispatcher(SimulatedNode node, Agenda agenda, Faults faults, Network network) {
    this.node = node;
    this.agenda = agenda;
    this.faults = faults;
    this.network = network;
  }

  void offer(ExecutionKey key, String task) {
    offers.add(new Offer(key, task));
    match();
  }

  void withdraw(ExecutionKey key) {
    offers.removeIf(offer -> offer.key().equals(key));
  }

  private void match() {
    for (Session session : List.copyOf(sessions.values())) {
      while (!offers.isEmpty() && isFree(session)) {
        Offer offer = offers.iterator().next();
        offers.remove(offer);
        session.reserved++;
        node.submit(
            offer.key(),
            new Command.StartTask(offer.task(), faults.any(), session.agent.name()),
            reply -> session.reserved--);
      }
    }
  }

  private boolean isFree(Session session) {
    String name = session.agent.name();
    long held = leases.values().stream().filter(lease -> lease.worker.equals(name)).count();
    return held + session.reserved < SimulatedAgent.CAPACITY;
  }

  void deliver(Token token, String worker) {
    leases.put(token, new Lease(worker, false, agenda.nowMillis()));
    Session session = sessions.get(worker);
    if (session != null) {
      network.send(() -> session.agent.assigned(worker, token));
    }
  }

  /** After a restart: whoever has it may claim it. */
  void recover(Token token, String worker) {
    leases.put(token, new Lease(worker, true, agenda.nowMillis()));
  }

  void end(Token token, boolean revoked) {
    Lease lease = leases.remove(token);
    if (revoked && lease != null) {
      revoke(sessions.get(lease.worker), token);
    }
    match();
  }

  private void revoke(@Nullable Session session, Token token) {
    if (session != null) {
      network.send(() -> session.agent.revoked(token));
    }
  }

  /** The agent is alive and runs exactly these. */
  void beat(SimulatedAgent agent, String name, Set<Token> running) {
    if (!node.isUp()) {
      return;
    }
    Session session = sessions.computeIfAbsent(name, n -> new Session(agent));
    session.seenMillis = agenda.nowMillis();
    for (Token token : running) {
      Lease lease = leases.get(token);
      if (lease == null) {
        revoke(session, token);
      } else {
        lease.seenMillis = agenda.nowMillis();
      }
    }
    for (var entry : List.copyOf(leases.entrySet())) {
      Lease lease = entry.getValue();
      boolean denied =
          lease.worker.equals(name)
              && !running.contains(entry.getKey())
              && agenda.nowMillis() - lease.sinceMillis > CLAIM_MILLIS;
      if (denied) {
        lose(entry.getKey(), LeaseLoss.UNCLAIMED);
      }
    }
    match();
  }

  /** Looks for who has gone silent. */
  void sweep() {
    var silent = new ArrayList<String>();
    sessions.forEach((name, session) -> {
      if (agenda.nowMillis() - session.seenMillis > SILENCE_MILLIS) {
        silent.add(name);
      }
    });
    silent.forEach(sessions::remove);
    for (var entry : List.copyOf(leases.entrySet())) {
      Lease lease = entry.getValue();
      if (silent.contains(lease.worker)) {
        lose(entry.getKey(), LeaseLoss.DISCONNECTED);
      } else if (agenda.nowMillis() - lease.seenMillis > SILENCE_MILLIS) {
        lose(entry.getKey(), lease.recovered ? LeaseLoss.UNCLAIMED : LeaseLoss.HEARTBEAT);
      }
    }
  }

  private void lose(Token token, LeaseLoss reason) {
    node.submit(
        token.key(),
        new Command.LoseLease(token.task(), token.attempt(), token.nonce(), reason),
        reply -> {});
  }

  /** The node crashed. */
  void forget() {
    offers.clear();
    leases.clear();
    sessions.clear();
  }
}
