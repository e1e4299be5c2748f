package dev.holdfast.node.chaos.history;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schedule: each of its times from the first to the last has either one execution, that is there
 * and completed, or an entry that says why it has none; and none runs while another does.
 *
 * <p>By what the workload agrees on: a schedule fires every so many seconds, is never set anew, and
 * has ended its work when it is read.
 */
public final class FiringCheck {
  private static final String PREFIX = "_schedule/";
  private static final Pattern EVERY = Pattern.compile("\\*/(\\d+) \\* \\* \\* \\* \\*");

  private final String name;
  private final Map<String, List<Happened>> histories;
  private final Consumer<String> wrong;
  private final Set<Instant> begun = new HashSet<>();
  private final Set<Instant> wanted = new HashSet<>();
  private final Map<Integer, Happened> open = new HashMap<>();
  private Duration every = Duration.ZERO;
  private @Nullable Instant due;

  private FiringCheck(String name, Map<String, List<Happened>> histories, Consumer<String> wrong) {
    this.name = name;
    this.histories = histories;
    this.wrong = wrong;
  }

  /** The id of the history of that schedule. */
  public static String idOf(String name) {
    return PREFIX + name;
  }

  public static boolean isSchedule(String execution) {
    return execution.startsWith(PREFIX);
  }

  /** The name of the schedule whose history has that id. */
  public static String nameOf(String execution) {
    return execution.substring(PREFIX.length());
  }

  static void check(
      String execution, Map<String, List<Happened>> histories, Consumer<String> wrong) {
    var check = new FiringCheck(nameOf(execution), histories, wrong);
    histories.getOrDefault(execution, List.of()).forEach(check::next);
    check.end();
  }

  private void next(Happened event) {
    switch (event.type()) {
      case "ScheduleSet" -> set(event);
      case "TimesCame" -> timesCame(event);
      case "FiringBegan" -> began(event);
      case "FiringEnded" -> ended(event);
      default -> {}
    }
  }

  private void set(Happened event) {
    Matcher cron = EVERY.matcher(event.fields().path("spec").path("cron").asString(""));
    if (due != null || !cron.matches()) {
      say(event, "was set twice, or to a time that is not expected");
      return;
    }
    every = Duration.ofSeconds(Long.parseLong(cron.group(1)));
    due = Instant.parse(event.text("due"));
  }

  /** The times of one event, and those before and after it, have to be in a row without a gap. */
  private void timesCame(Happened event) {
    var came = new HashSet<Instant>();
    for (JsonNode time : event.fields().path("wanted")) {
      Instant at = Instant.parse(time.asString());
      wanted.add(at);
      once(event, came, at);
    }
    for (JsonNode over : event.fields().path("passedOver")) {
      Instant last = Instant.parse(over.path("last").asString());
      int count = 0;
      for (Instant at = Instant.parse(over.path("first").asString());
          !at.isAfter(last);
          at = at.plus(every)) {
        once(event, came, at);
        count++;
      }
      String why = over.path("why").asString();
      if (count != over.path("count").asInt(0) || why.equals("MISSED")) {
        say(event, "has an entry that is not as it has to be: " + over);
      }
    }
    Instant next = Instant.parse(event.text("due"));
    for (Instant at = due; at != null && at.isBefore(next); at = at.plus(every)) {
      if (!came.remove(at)) {
        say(event, at + " has neither an execution nor an entry");
      }
    }
    if (!came.isEmpty()) {
      say(event, "has times that are not its next ones: " + came);
    }
    due = next;
  }

  private void once(Happened event, Set<Instant> came, Instant at) {
    if (!came.add(at)) {
      say(event, at + " came twice");
    }
  }

  private void began(Happened event) {
    Instant at = Instant.parse(event.text("scheduledAt"));
    if (!wanted.contains(at) || !begun.add(at)) {
      say(event, at + " began twice, or nobody wanted it");
    }
    if (!open.isEmpty()) {
      say(event, at + " began while another ran");
    }
    open.put(event.fields().path("number").asInt(), event);
    if (!event.text("execution").equals(name + '/' + at)) {
      say(event, at + " has the execution " + event.text("execution"));
    }
  }

  private void ended(Happened event) {
    Happened began = open.remove(event.fields().path("number").asInt());
    if (began == null) {
      say(event, "an end of what was not begun: " + event.fields());
      return;
    }
    String execution = began.text("execution");
    List<Happened> below = histories.getOrDefault(execution, List.of());
    if (!event.text("outcome").equals("COMPLETED")
        || below.isEmpty()
        || !below.getLast().is("ExecutionCompleted")) {
      say(
          event,
          "%s ended %s, and its history with %s"
              .formatted(
                  execution,
                  event.text("outcome"),
                  below.isEmpty() ? "nothing" : below.getLast().type()));
    }
  }

  private void end() {
    if (!open.isEmpty() || !begun.equals(wanted)) {
      wanted.removeAll(begun);
      wrong.accept(idOf(name) + " did not end its work: " + open.keySet() + ", " + wanted);
    }
    histories.forEach((execution, history) -> {
      if (execution.startsWith(name + '/') && !history.isEmpty()) {
        Happened first = history.getFirst();
        String at = execution.substring(name.length() + 1);
        if (!first.text("schedule").equals(name)
            || !first.text("scheduledAt").equals(at)
            || !begun.contains(Instant.parse(at))) {
          wrong.accept(execution + " is there, and " + idOf(name) + " did not begin it");
        }
      }
    });
  }

  private void say(Happened event, String what) {
    wrong.accept("%s: %s, at seq %d".formatted(idOf(name), what, event.seq()));
  }
}
