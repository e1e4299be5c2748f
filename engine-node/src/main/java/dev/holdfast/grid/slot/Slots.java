package dev.holdfast.grid.slot;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.slot.Arbitration.Request;
import dev.holdfast.core.slot.Claim;
import dev.holdfast.core.slot.SlotKey;
import dev.holdfast.core.slot.SlotWish;
import dev.holdfast.grid.Epochs;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.dispatch.CommandSink;
import dev.holdfast.grid.peer.NotServingException;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.quorum.MemberList;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of concurrency keys in the whole cluster (ADR 0039). Each key is arbitrated by one
 * member, which follows from the list of members that an epoch belongs to; whoever owns an
 * execution that waits for a slot, or gives one back, tells that member to count anew, and tells it
 * again as long as it waits. Thread-safe.
 */
public final class Slots implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Slots.class);
  private static final long LOOK_MILLIS = 100;
  private static final long FAILED_MILLIS = 20;
  private static final long TELL_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long RESERVE_SECONDS = 5;

  private record Key(String tenant, String definition, String key) {
    static Key of(SlotKey key) {
      return new Key(key.tenant(), key.definition(), key.key());
    }

    SlotKey slotKey() {
      return new SlotKey(tenant, definition, key);
    }
  }

  private record Changed(long epoch, List<Key> keys) {}

  private record Reserve(long epoch, Key key, String execution, int limit) {}

  /** Who gives out what, as long as the epoch is this one. */
  private record Chair(long epoch, MemberList members) {
    UUID arbiter(SlotKey key) {
      // Texts alone have the same hash on every member.
      String text = key.tenant() + '/' + key.definition() + '/' + key.key();
      int hash = text.hashCode() * 0x9E3779B9;
      return members.members().get(Math.floorMod(hash ^ (hash >>> 16), members.size()));
    }

    boolean isHere(SlotKey key) {
      return arbiter(key).equals(members.self());
    }

    List<UUID> others() {
      return members.members().stream().filter(one -> !one.equals(members.self())).toList();
    }
  }

  private final Neighbours neighbours;
  private final Supplier<MemberList> members;
  private final LongSupplier epoch;
  private final Claims claims;
  private final CommandSink commands;
  private final Semaphore signal = new Semaphore(0);
  private final Set<SlotKey> toTell = ConcurrentHashMap.newKeySet();
  private @Nullable Arbiter arbiter;
  private @Nullable Thread thread;
  private volatile boolean open = true;

  /**
   * Does nothing before {@link #start}.
   *
   * @param members as they are now
   * @param epoch under which this member decides
   * @param commands to executions anywhere
   */
  public Slots(
      Neighbours neighbours,
      Supplier<MemberList> members,
      LongSupplier epoch,
      Claims claims,
      CommandSink commands) {
    this.neighbours = neighbours;
    this.members = members;
    this.epoch = epoch;
    this.claims = claims;
    this.commands = commands;
  }

  /**
   * Begins to arbitrate, and to answer other members.
   *
   * @param partitions which of them this member knows
   */
  public void start(Partitions partitions) {
    var counting = new Counting(neighbours, epoch, claims, partitions);
    var here = new Arbiter(counting, commands, this::wake);
    arbiter = here;
    counting.serve();
    neighbours.serve(
        PeerOp.SLOT_CHANGED,
        (from, body) -> {
          Changed changed = Wire.read(body, Changed.class);
          Chair chair = chairOf(changed.epoch());
          changed.keys().stream().map(Key::slotKey).filter(chair::isHere).forEach(here::due);
          return new byte[0];
        });
    neighbours.serve(
        PeerOp.SLOT_RESERVE,
        (from, body) -> {
          Reserve asked = Wire.read(body, Reserve.class);
          SlotKey key = asked.key().slotKey();
          if (!chairOf(asked.epoch()).isHere(key)) {
            throw new NotServingException("this member does not arbitrate " + key);
          }
          var execution = new ExecutionKey(key.tenant(), asked.execution());
          return Wire.write(await(here.request(key, new Request(execution, asked.limit()))));
        });
    thread = Thread.ofVirtual().name("holdfast-slots").start(() -> run(here));
  }

  private static boolean await(CompletableFuture<Boolean> answer) {
    try {
      return answer.get(RESERVE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new NotServingException("the slots can't be counted at the moment");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotServingException("the member is shutting down");
    }
  }

  private void wake() {
    if (signal.availablePermits() == 0) {
      signal.release();
    }
  }

  /** Who gives out what; null: the members have not agreed. */
  private @Nullable Chair chair() {
    long now = epoch.getAsLong();
    MemberList list = members.get();
    // The list belongs to the epoch that is the same before and after it was read.
    return now == Epochs.NONE || epoch.getAsLong() != now ? null : new Chair(now, list);
  }

  /** Whether this member gives out the slots of the key at the moment. */
  public boolean arbitrates(SlotKey key) {
    Chair chair = chair();
    return chair != null && chair.isHere(key);
  }

  private Chair chairOf(long wanted) {
    Chair chair = chair();
    if (chair == null || chair.epoch() != wanted) {
      throw new NotServingException("this member doesn't go by epoch " + wanted);
    }
    return chair;
  }

  /** The execution, which has a concurrency key, is so durably, or has come to this member so. */
  public void claimed(ExecutionState state) {
    claims.known(state);
    if (state.waitsForSlot() || state.status().isEnded()) {
      toTell.add(Claim.keyOf(state));
      wake();
    }
  }

  /** These executions are another member's business, or not as they were thought to be. */
  public void drop(Predicate<ExecutionKey> moved) {
    claims.drop(moved);
  }

  /**
   * Begins an execution if there is a slot for it.
   *
   * @param wish what it needs
   * @param begin begins it with the slot
   * @return refused where there is none
   */
  public CompletableFuture<Outcome> withSlot(
      SlotWish wish, Function<Reserved, CompletableFuture<Outcome>> begin) {
    SlotKey key = wish.key();
    Request request = wish.request();
    Chair chair = chair();
    if (chair == null) {
      return refused(Rejection.Code.NO_QUORUM, "the members have not agreed on who goes on");
    }
    claims.asking(key, request.execution());
    CompletableFuture<Outcome> outcome =
        reserve(chair, key, request)
            .handle((may, failure) -> {
              if (failure != null) {
                LOG.debug("no slot of {} was reserved", key, failure);
                return refused(
                    Rejection.Code.UNAVAILABLE,
                    "the executions with concurrency key '%s' can't be counted at the moment; try again"
                        .formatted(key.key()));
              }
              return may ? begin.apply(new Reserved(key, chair.epoch())) : refused(wish.refusal());
            })
            .thenCompose(next -> next);
    outcome.whenComplete((result, failure) -> claims.asked(key, request.execution()));
    return outcome;
  }

  private static CompletableFuture<Outcome> refused(Rejection.Code code, String why) {
    return refused(new Rejection(code, why));
  }

  private static CompletableFuture<Outcome> refused(Rejection rejection) {
    return CompletableFuture.completedFuture(new Outcome.Refused(rejection));
  }

  private CompletableFuture<Boolean> reserve(Chair chair, SlotKey key, Request request) {
    Arbiter here = arbiter;
    if (here == null) {
      return CompletableFuture.failedFuture(new NotServingException("the member is starting"));
    }
    if (chair.isHere(key)) {
      return here.request(key, request);
    }
    var question =
        new Reserve(chair.epoch(), Key.of(key), request.execution().id(), request.limit());
    return neighbours
        .ask(chair.arbiter(key), PeerOp.SLOT_RESERVE, Wire.write(question))
        .thenApply(answer -> Wire.read(answer, Boolean.class));
  }

  /** What the one thread does, and all that is called from here. */
  private void run(Arbiter here) {
    long begun = Epochs.NONE;
    long tellAtNanos = System.nanoTime();
    while (open) {
      try {
        if (signal.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          signal.drainPermits();
        }
        Chair chair = chair();
        if (chair == null) {
          continue;
        }
        boolean isNew = chair.epoch() != begun;
        if (isNew) {
          begun = chair.epoch();
          here.begin(begun);
        }
        if (isNew || System.nanoTime() - tellAtNanos >= 0) {
          tellAtNanos = System.nanoTime() + TELL_AGAIN_NANOS;
          toTell.addAll(claims.awaited());
        }
        tell(here, chair);
        if (!here.round(chair.others(), chair::isHere)) {
          TimeUnit.MILLISECONDS.sleep(FAILED_MILLIS);
        }
        if (here.isBusy()) {
          wake();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (open) {
          LOG.error("giving out slots failed, it goes on", e);
        }
      }
    }
  }

  private void tell(Arbiter here, Chair chair) {
    var byMember = new HashMap<UUID, Set<SlotKey>>();
    for (SlotKey key : toTell) {
      toTell.remove(key);
      if (chair.isHere(key)) {
        here.due(key);
      } else {
        byMember.computeIfAbsent(chair.arbiter(key), unused -> new HashSet<>()).add(key);
      }
    }
    byMember.forEach((member, keys) -> tell(chair, member, keys));
  }

  private void tell(Chair chair, UUID member, Set<SlotKey> keys) {
    var changed = new Changed(chair.epoch(), keys.stream().map(Key::of).toList());
    neighbours
        .ask(member, PeerOp.SLOT_CHANGED, Wire.write(changed))
        .whenComplete((answer, failure) -> {
          if (failure != null && open) {
            CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> toTell.addAll(keys));
          }
        });
  }

  /** Executions of this member that wait for a slot, and those that hold one. */
  public Claims claims() {
    return claims;
  }

  /** No slot is given out here any more. */
  @Override
  public void close() {
    open = false;
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
