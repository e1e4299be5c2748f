package dev.holdfast.node.chaos.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one execution more than a concurrency key's limit where it does not queue: with
 * {@code cancel-running} older ones are cancelled, for a newer one that the reason names, and the
 * newest stay; with {@code refuse} nobody waits.
 */
final class PlaceCheck {
  /** Who cancels in a newer one's favour. */
  private static final String BY = "concurrency-key";

  private static final Pattern REASON =
      Pattern.compile("execution (\\S+) has the same concurrency key '.*' and takes its place");

  private static final Comparator<Line> BY_RANK =
      Comparator.comparing(Line::since).thenComparing(Line::execution);

  private final Consumer<String> wrong;
  private final Map<String, List<Line>> lines = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();

  private PlaceCheck(Consumer<String> wrong) {
    this.wrong = wrong;
  }

  /** An execution's place in the line of its key. */
  private record Line(String execution, Instant since) {}

  /** The executions that were cancelled in favour of a newer one, as they should have been. */
  static Set<String> check(Map<String, List<Happened>> histories, Consumer<String> wrong) {
    var check = new PlaceCheck(wrong);
    histories.forEach(check::line);
    histories.forEach(check::history);
    return check.cancelled;
  }

  private void line(String execution, List<Happened> history) {
    Happened awaited = awaited(history);
    if (awaited != null && takesPlaces(awaited)) {
      lines
          .computeIfAbsent(key(history, awaited), key -> new ArrayList<>())
          .add(new Line(execution, awaited.at()));
    }
  }

  private static boolean takesPlaces(Happened awaited) {
    return awaited.text("onLimit").equals("cancel-running");
  }

  private static String key(List<Happened> history, Happened awaited) {
    return history.getFirst().text("definition") + ' ' + awaited.text("key");
  }

  private static @Nullable Happened awaited(List<Happened> history) {
    return history.stream().filter(event -> event.is("SlotAwaited")).findFirst().orElse(null);
  }

  private void history(String execution, List<Happened> history) {
    Happened awaited = awaited(history);
    if (awaited != null && awaited.text("onLimit").equals("refuse")) {
      refused(execution, history, awaited);
    }
    history.stream()
        .filter(event -> event.is("CancelRequested") && event.text("by").equals(BY))
        .findFirst()
        .ifPresent(event -> cancelled(execution, history, awaited, event));
  }

  private void refused(String execution, List<Happened> history, Happened awaited) {
    // Seq counts from 1: this is the event after it.
    boolean atOnce =
        history.size() > awaited.seq() && history.get((int) awaited.seq()).is("SlotGranted");
    if (!atOnce) {
      wrong.accept(execution + " was begun without a slot, and should have been refused");
    }
  }

  private void cancelled(
      String execution, List<Happened> history, @Nullable Happened awaited, Happened cancel) {
    cancelled.add(execution);
    if (awaited == null || !takesPlaces(awaited)) {
      wrong.accept(execution + " was cancelled for a key in which nobody takes another's place");
      return;
    }
    String key = key(history, awaited);
    var own = new Line(execution, awaited.at());
    List<String> newer =
        lines.getOrDefault(key, List.of()).stream()
            .filter(other -> BY_RANK.compare(other, own) > 0)
            .map(Line::execution)
            .toList();
    var reason = REASON.matcher(cancel.reason());
    if (!reason.matches() || !newer.contains(reason.group(1))) {
      wrong.accept(
          "%s was cancelled for its key, and no newer one of %s is named: %s"
              .formatted(execution, key, cancel.reason()));
    }
    int limit = awaited.fields().path("limit").asInt(0);
    if (newer.size() < limit) {
      wrong.accept(
          "%s was cancelled for its key, though it is among the newest %d of %s"
              .formatted(execution, limit, key));
    }
  }
}
