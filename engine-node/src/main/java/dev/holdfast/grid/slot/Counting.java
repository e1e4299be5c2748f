package dev.holdfast.grid.slot;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.OnLimit;
import dev.holdfast.core.slot.Claim;
import dev.holdfast.core.slot.SlotKey;
import dev.holdfast.grid.peer.NotServingException;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks all members for their claims, and answers when it is asked. A count is good if every member
 * has answered under the same epoch, and every partition was with one of them that knows all of its
 * executions. Thread-safe.
 */
final class Counting {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private record Key(String tenant, String definition, String key) {
    static Key of(SlotKey key) {
      return new Key(key.tenant(), key.definition(), key.key());
    }

    SlotKey slotKey() {
      return new SlotKey(tenant, definition, key);
    }
  }

  private record One(
      String id, long seq, int limit, OnLimit onLimit, Instant since, boolean held) {}

  private record OfKey(List<One> claims, List<String> asking, boolean complete) {}

  private record Question(long epoch, List<Key> keys) {}

  private record Answer(List<OfKey> keys, long[] covered) {}

  /** All claims of one key, in the whole cluster. */
  record Count(Map<ExecutionKey, Claim> claims, Set<ExecutionKey> asking, boolean complete) {}

  private final Neighbours neighbours;
  private final LongSupplier epoch;
  private final Claims claims;
  private final Partitions partitions;

  /**
   * @param epoch under which this member decides
   * @param partitions which of them this member knows
   */
  Counting(Neighbours neighbours, LongSupplier epoch, Claims claims, Partitions partitions) {
    this.neighbours = neighbours;
    this.epoch = epoch;
    this.claims = claims;
    this.partitions = partitions;
  }

  /** Answers other members from here on. */
  void serve() {
    neighbours.serve(
        PeerOp.SLOT_CLAIMS, (from, body) -> Wire.write(told(Wire.read(body, Question.class))));
  }

  private Answer told(Question question) {
    BitSet known = known();
    long changes = partitions.changes();
    var keys = new ArrayList<OfKey>(question.keys().size());
    for (Key key : question.keys()) {
      Claims.Told told = claims.told(key.slotKey());
      keys.add(
          new OfKey(
              told.claims().stream()
                  .map(claim ->
                      new One(
                          claim.execution().id(),
                          claim.seq(),
                          claim.limit(),
                          claim.onLimit(),
                          claim.since(),
                          claim.held()))
                  .toList(),
              told.asking().stream().map(ExecutionKey::id).toList(),
              told.complete()));
    }
    // What went away while it was looked at was perhaps looked at too late.
    known.and(known());
    if (partitions.changes() != changes) {
      known.clear();
    }
    if (epoch.getAsLong() != question.epoch()) {
      throw new NotServingException("this member doesn't go by epoch " + question.epoch());
    }
    return new Answer(keys, known.toLongArray());
  }

  private BitSet known() {
    var known = new BitSet(neighbours.partitionCount());
    for (int partition = 0; partition < neighbours.partitionCount(); partition++) {
      known.set(partition, partitions.isKnown(partition));
    }
    return known;
  }

  /**
   * The claims of these keys; empty: they can't be counted at the moment. Blocks.
   *
   * @param under the epoch
   * @param members all others
   */
  Optional<Map<SlotKey, Count>> count(long under, Collection<SlotKey> keys, List<UUID> members)
      throws InterruptedException {
    List<SlotKey> ordered = List.copyOf(keys);
    var question = new Question(under, ordered.stream().map(Key::of).toList());
    byte[] body = members.isEmpty() ? new byte[0] : Wire.write(question);
    var asked = new ArrayList<CompletableFuture<byte[]>>();
    members.forEach(member -> asked.add(neighbours.ask(member, PeerOp.SLOT_CLAIMS, body)));
    var answers = new ArrayList<Answer>();
    try {
      answers.add(told(question));
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      for (CompletableFuture<byte[]> answer : asked) {
        byte[] bytes = answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        answers.add(Wire.read(bytes, Answer.class));
      }
    } catch (ExecutionException | TimeoutException | NotServingException | StoreException e) {
      return Optional.empty();
    }
    var covered = new BitSet();
    answers.forEach(answer -> covered.or(BitSet.valueOf(answer.covered())));
    return covered.cardinality() == neighbours.partitionCount()
        ? Optional.of(merged(ordered, answers))
        : Optional.empty();
  }

  private static Map<SlotKey, Count> merged(List<SlotKey> keys, List<Answer> answers) {
    var counts = new LinkedHashMap<SlotKey, Count>();
    for (int i = 0; i < keys.size(); i++) {
      SlotKey key = keys.get(i);
      var claims = new HashMap<ExecutionKey, Claim>();
      var asking = new HashSet<ExecutionKey>();
      boolean complete = true;
      for (Answer answer : answers) {
        OfKey of = answer.keys().get(i);
        complete &= of.complete();
        of.asking().forEach(id -> asking.add(new ExecutionKey(key.tenant(), id)));
        for (One one : of.claims()) {
          var claim =
              new Claim(
                  new ExecutionKey(key.tenant(), one.id()),
                  one.seq(),
                  one.limit(),
                  one.onLimit(),
                  one.since(),
                  one.held());
          claims.merge(claim.execution(), claim, Counting::cautious);
        }
      }
      counts.put(key, new Count(claims, asking, complete));
    }
    return counts;
  }

  /** Of what two members say of one execution that is moving: rather a holder too many. */
  private static Claim cautious(Claim one, Claim other) {
    if (one.held() != other.held()) {
      return one.held() ? one : other;
    }
    return one.seq() >= other.seq() ? one : other;
  }
}
