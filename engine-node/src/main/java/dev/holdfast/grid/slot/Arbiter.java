package dev.holdfast.grid.slot;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.slot.Arbitration;
import dev.holdfast.core.slot.Arbitration.Request;
import dev.holdfast.core.slot.Arbitration.Verdict;
import dev.holdfast.core.slot.Claim;
import dev.holdfast.core.slot.SlotKey;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.dispatch.CommandSink;
import dev.holdfast.grid.peer.NotServingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives out the slots of the keys that this member arbitrates: counts anew each time, and decides.
 * All that it remembers is what it gave under the present epoch and may not have been told of yet.
 * {@link #round} is for one thread; the rest is thread-safe.
 */
final class Arbiter {
  private static final Logger LOG = LoggerFactory.getLogger(Arbiter.class);

  /** Who cancels an execution whose place a newcomer takes. */
  static final String BY = "concurrency-key";

  /** Keys that are counted at once. */
  private static final int KEYS_MAX = 500;

  /** A request is given up whose key could not be counted for so long. */
  private static final long REQUEST_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** Before what could not be done is tried again. */
  private static final long AGAIN_MILLIS = 100;

  /**
   * A slot that was given.
   *
   * @param seq of the execution as it was; 0: it was about to begin
   * @param lost whether nobody knows what became of it
   */
  private record Given(SlotKey key, long epoch, long seq, boolean lost) {
    boolean isReservation() {
      return seq == 0;
    }

    Given asLost() {
      return new Given(key, epoch, seq, true);
    }
  }

  private record Asked(
      SlotKey key, Request request, CompletableFuture<Boolean> answer, long untilNanos) {
    void giveUp() {
      answer.completeExceptionally(
          new NotServingException("the slots of " + key + " can't be counted at the moment"));
    }
  }

  private final Counting counting;
  private final CommandSink commands;
  private final Runnable wake;
  private final Set<SlotKey> due = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Asked> requests = new ConcurrentLinkedQueue<>();
  private final ConcurrentMap<ExecutionKey, Given> given = new ConcurrentHashMap<>();
  private volatile long epoch;

  /**
   * @param wake has a round made soon
   */
  Arbiter(Counting counting, CommandSink commands, Runnable wake) {
    this.counting = counting;
    this.commands = commands;
    this.wake = wake;
  }

  /** Somebody waits for a slot of the key, or has given one back. */
  void due(SlotKey key) {
    due.add(key);
    wake.run();
  }

  /** Completes with whether the execution may begin with a slot, under the present epoch. */
  CompletableFuture<Boolean> request(SlotKey key, Request request) {
    var answer = new CompletableFuture<Boolean>();
    requests.add(new Asked(key, request, answer, System.nanoTime() + REQUEST_NANOS));
    wake.run();
    return answer;
  }

  /** Whether there is anything to decide. */
  boolean isBusy() {
    return !due.isEmpty() || !requests.isEmpty();
  }

  /** From now on slots are counted under this epoch: what was given under another is refused. */
  void begin(long newEpoch) {
    given.clear();
    epoch = newEpoch;
  }

  /**
   * Decides on the keys that are due.
   *
   * @param members all others of the present epoch
   * @param mine which keys this member arbitrates under it
   * @return false: the keys could not be counted, and are still due
   */
  boolean round(List<UUID> members, Predicate<SlotKey> mine) throws InterruptedException {
    var asked = new LinkedHashMap<SlotKey, List<Asked>>();
    for (Asked one = requests.poll(); one != null; one = requests.poll()) {
      if (mine.test(one.key())) {
        asked.computeIfAbsent(one.key(), key -> new ArrayList<>()).add(one);
      } else {
        one.giveUp();
      }
    }
    Set<SlotKey> keys = new LinkedHashSet<>(asked.keySet());
    for (SlotKey key : due) {
      if (keys.size() < KEYS_MAX && due.remove(key) && mine.test(key)) {
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      return true;
    }
    // What is settled while the claims are counted may be missing among them.
    Map<SlotKey, Map<ExecutionKey, Given>> before = givenByKey();
    var counted = counting.count(epoch, keys, members);
    if (counted.isEmpty()) {
      due.addAll(keys);
      asked.values().forEach(list -> list.forEach(this::askAgain));
      return false;
    }
    counted
        .get()
        .forEach((key, count) -> {
          Set<ExecutionKey> taken = taken(count, before.getOrDefault(key, Map.of()));
          decide(key, count, taken, asked.getOrDefault(key, List.of()));
        });
    return true;
  }

  private Map<SlotKey, Map<ExecutionKey, Given>> givenByKey() {
    var byKey = new HashMap<SlotKey, Map<ExecutionKey, Given>>();
    given.forEach((execution, one) ->
        byKey.computeIfAbsent(one.key(), key -> new HashMap<>()).put(execution, one));
    return byKey;
  }

  private void askAgain(Asked one) {
    if (System.nanoTime() - one.untilNanos() < 0) {
      requests.add(one);
    } else {
      one.giveUp();
    }
  }

  /** Those of the executions that a slot was given to which may have it, now or later. */
  private Set<ExecutionKey> taken(Counting.Count count, Map<ExecutionKey, Given> before) {
    var taken = new HashSet<ExecutionKey>();
    before.forEach((execution, one) -> {
      if (mayBeTaken(execution, one, count)) {
        taken.add(execution);
      } else {
        given.remove(execution, one);
      }
    });
    return taken;
  }

  private boolean mayBeTaken(ExecutionKey execution, Given one, Counting.Count count) {
    Claim claim = count.claims().get(execution);
    if (one.isReservation()) {
      // It is asking until it holds the slot, or does not begin.
      return count.asking().contains(execution);
    }
    if (!one.lost()) {
      return true;
    }
    if (claim == null || claim.held() || claim.seq() > one.seq()) {
      // It has it, or it has changed since, so that what may still be under way is refused.
      return false;
    }
    send(execution, one);
    return true;
  }

  private void decide(
      SlotKey key, Counting.Count count, Set<ExecutionKey> taken, List<Asked> asked) {
    Verdict verdict =
        Arbitration.decide(
            taken, count.claims().values(), asked.stream().map(Asked::request).toList());
    for (Claim claim : verdict.granted()) {
      var grant = new Given(key, epoch, claim.seq(), false);
      given.put(claim.execution(), grant);
      send(claim.execution(), grant);
    }
    ExecutionKey newcomer = verdict.newcomer();
    if (newcomer != null) {
      verdict.cancelled().forEach(claim -> cancel(key, claim.execution(), newcomer));
    }
    for (Asked one : asked) {
      ExecutionKey execution = one.request().execution();
      boolean may = !verdict.refused().contains(one.request());
      if (may) {
        given.putIfAbsent(execution, new Given(key, epoch, 0, false));
      }
      one.answer().complete(may);
    }
    if (!count.complete() && !(verdict.granted().isEmpty() && verdict.cancelled().isEmpty())) {
      due(key);
    }
  }

  private void send(ExecutionKey execution, Given grant) {
    commands
        .submit(execution, new Command.GrantSlot(grant.epoch(), grant.seq()))
        .whenComplete((outcome, error) -> {
          switch (outcome) {
            case Outcome.Done _ -> given.remove(execution, grant);
            case Outcome.Refused _ -> {
              // It was not given: somebody else may have it, or this one as it is now.
              given.remove(execution, grant);
              dueLater(grant.key());
            }
            case null -> {
              LOG.debug("nobody says whether {} has taken its slot", execution, error);
              given.replace(execution, grant, grant.asLost());
              dueLater(grant.key());
            }
          }
        });
  }

  private void cancel(SlotKey key, ExecutionKey execution, ExecutionKey newcomer) {
    var command =
        new Command.CancelExecution(
            "slot/" + newcomer.id(),
            BY,
            "execution %s has the same concurrency key '%s' and takes its place"
                .formatted(newcomer.id(), key.key()));
    commands
        .submit(execution, command)
        .whenComplete((outcome, error) -> {
          if (error != null
              || outcome instanceof Outcome.Refused(var rejection)
                  && rejection.code() != Rejection.Code.WRONG_STATE) {
            dueLater(key);
          }
        });
  }

  private void dueLater(SlotKey key) {
    CompletableFuture.delayedExecutor(
            AGAIN_MILLIS, TimeUnit.MILLISECONDS, Thread::startVirtualThread)
        .execute(() -> due(key));
  }
}
