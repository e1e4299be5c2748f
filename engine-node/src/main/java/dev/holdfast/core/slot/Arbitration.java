package dev.holdfast.core.slot;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.OnLimit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the slots of one key. Slots go to those who wait by rank, and nobody passes another. A
 * newcomer that takes others' places has all cancelled but the newest, as many as the limit says:
 * those who hold slots, and those who wait in order to do the same.
 */
public final class Arbitration {
  private Arbitration() {}

  /**
   * What is to be done.
   *
   * @param granted these get a slot now
   * @param cancelled these are cancelled for the newcomer, oldest first
   * @param newcomer for whom; null: nobody is
   * @param reserved executions that are not begun yet, which may begin with a slot
   * @param refused those that may not
   */
  public record Verdict(
      List<Claim> granted,
      List<Claim> cancelled,
      @Nullable ExecutionKey newcomer,
      List<Request> reserved,
      List<Request> refused) {}

  /**
   * An execution that is begun only if it gets a slot at once.
   *
   * @param limit how many may hold a slot at once
   */
  public record Request(ExecutionKey execution, int limit) {}

  /**
   * Decides.
   *
   * @param taken executions that have a slot or may have one: it was given to them, and it is not
   *     known whether they took it
   * @param claims of those that hold slots and of those that wait, in any order; not all of those
   *     that wait, but the first of them, and the newest where they take others' places
   * @param requests in the order in which they came
   */
  public static Verdict decide(
      Set<ExecutionKey> taken, Collection<Claim> claims, List<Request> requests) {
    var holders = new HashSet<>(taken);
    claims.stream().filter(Claim::held).forEach(claim -> holders.add(claim.execution()));
    List<Claim> ranked = claims.stream().sorted(Claim.BY_RANK).toList();

    Set<ExecutionKey> leaving = new HashSet<>();
    var cancelled = new ArrayList<Claim>();
    Claim newcomer = newcomer(ranked);
    if (newcomer != null) {
      List<Claim> rivals =
          ranked.stream()
              .filter(claim -> claim.held() || claim.onLimit() == OnLimit.CANCEL_RUNNING)
              .toList();
      for (Claim rival : rivals.subList(0, Math.max(0, rivals.size() - newcomer.limit()))) {
        cancelled.add(rival);
        leaving.add(rival.execution());
      }
    }

    var granted = new ArrayList<Claim>();
    boolean waits = false;
    for (Claim claim : ranked) {
      if (holders.contains(claim.execution()) || leaving.contains(claim.execution())) {
        continue;
      }
      if (waits || holders.size() >= claim.limit()) {
        waits = true;
      } else {
        granted.add(claim);
        holders.add(claim.execution());
      }
    }

    var reserved = new ArrayList<Request>();
    var refused = new ArrayList<Request>();
    for (Request request : requests) {
      boolean has = holders.contains(request.execution());
      if (has || (!waits && holders.size() < request.limit())) {
        reserved.add(request);
        holders.add(request.execution());
      } else {
        refused.add(request);
      }
    }
    return new Verdict(
        granted, cancelled, newcomer == null ? null : newcomer.execution(), reserved, refused);
  }

  /** The newest of those that wait in order to take others' places. */
  private static @Nullable Claim newcomer(List<Claim> ranked) {
    for (Claim claim : ranked.reversed()) {
      if (!claim.held() && claim.onLimit() == OnLimit.CANCEL_RUNNING) {
        return claim;
      }
    }
    return null;
  }
}
