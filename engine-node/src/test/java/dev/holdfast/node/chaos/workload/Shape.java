package dev.holdfast.node.chaos.workload;

import dev.holdfast.node.chaos.history.HistoryChecker;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The shapes of executions that a workload is made of. */
enum Shape {
  SEQUENCE(
      """
        first:  { agent: by-http }
        second: { agent: by-client, needs: [first] }
        third:  { agent: by-http, needs: [second] }
      """),
  PARALLEL(
      """
        first:  { agent: by-client }
        left:   { agent: by-http, needs: [first] }
        middle: { agent: by-client, needs: [first] }
        right:  { agent: by-http, needs: [first] }
        last:   { agent: by-http, needs: [left, middle, right] }
      """),
  DECISION(
      """
        first:  { agent: by-http }
        choice: { needs: [first], switch: [{ when: "${input.n % 2 == 0}", then: [even] }, { otherwise: true, then: [odd] }] }
        even:   { agent: by-client, needs: [choice] }
        odd:    { agent: by-http, needs: [choice] }
        last:   { agent: by-client, needs: [even, odd] }
      """),
  RETRY(
      """
        flaky:  { agent: flaky }
        last:   { agent: by-http, needs: [flaky] }
      """),
  LIST(
      """
        lines:
          agent: by-http
          forEach: "${input.items}"
          concurrency: %d
          input: { item: "${item}", n: "${index}" }
        last:   { agent: by-client, needs: [lines], input: { items: "${tasks.lines.output}" } }
      """
          .formatted(HistoryChecker.ITEMS_AT_ONCE_MAX)),
  FAMILY(
      """
        left:   { workflow: chaos-child, input: { n: "${input.n}" } }
        right:  { workflow: chaos-middle, input: { n: "${input.n}" } }
        last:   { agent: by-http, needs: [left, right] }
      """),
  SIGNAL(
      """
        first:  { agent: by-client }
        paid:   { needs: [first], waitFor: { signal: paid } }
        last:   { agent: by-http, needs: [paid] }
      """),
  KEY(
      """
        first:  { agent: by-http }
        last:   { agent: by-client, needs: [first] }
      """) {
    @Override
    String head() {
      return "concurrencyKey: { key: \"${input.key}\", limit: 2, onLimit: queue }\n";
    }
  },
  REPLACE(
      """
        first:  { agent: by-client }
        second: { agent: by-http, needs: [first] }
        last:   { agent: by-http, needs: [second] }
      """) {
    @Override
    String head() {
      return "concurrencyKey: { key: all, limit: 2, onLimit: cancel-running }\n";
    }
  },
  REFUSE(
      """
        first:  { agent: by-http }
        last:   { agent: by-client, needs: [first] }
      """) {
    @Override
    String head() {
      return "concurrencyKey: { key: all, limit: 1, onLimit: refuse }\n";
    }
  };

  /**
   * An answer with a task that is lost on its way leaves the attempt to its time-out; so that is
   * short, and there are attempts enough for the worst of runs.
   */
  static final String DEFAULTS =
      "defaults: { timeout: 8s, retry: { maxAttempts: 100, initial: 50ms, max: 500ms } }\n";

  /** What executions begin by themselves, and schedules: YAML by name, children before parents. */
  static final List<Map.Entry<String, String>> BELOW =
      List.of(
          below(
              "chaos-child",
              """
                one: { agent: by-http }
                two: { agent: by-client, needs: [one] }
              """),
          below(
              "chaos-middle",
              """
                inner: { workflow: chaos-child, input: { n: "${input.n}" } }
              """),
          below(
              Schedules.DEFINITION,
              """
                only: { agent: by-http }
              """));

  private static final int ITEMS_MAX = 7;
  private static final int KEYS = 3;

  /** So many in a row have one key, that some of them have to wait. */
  private static final int SAME_KEY = 4;

  private final String tasks;

  Shape(String tasks) {
    this.tasks = tasks;
  }

  /** The definition's name. */
  String definition() {
    return "chaos-" + name().toLowerCase(Locale.ROOT);
  }

  /** The definition, YAML. */
  String source() {
    return "name: " + definition() + '\n' + head() + DEFAULTS + "tasks:\n" + tasks;
  }

  /** Whether executions of it go on without others having ended before. */
  boolean goesOnAlone() {
    return head().isEmpty();
  }

  /** Fields of the definition other than its tasks, YAML. */
  String head() {
    return "";
  }

  static Shape of(int n) {
    return values()[n % values().length];
  }

  /** What the n-th execution is started with, the same each time. */
  static Map<String, ?> input(int n) {
    int round = n / values().length;
    return switch (of(n)) {
      case LIST -> Map.of("n", n, "items", items(n, round % (ITEMS_MAX + 1)));
      case KEY -> Map.of("n", n, "key", "key-" + round / SAME_KEY % KEYS);
      case SEQUENCE, PARALLEL, DECISION, RETRY, FAMILY, SIGNAL, REPLACE, REFUSE -> Map.of("n", n);
    };
  }

  private static List<String> items(int n, int count) {
    return IntStream.range(0, count).mapToObj(item -> n + "-" + item).toList();
  }

  private static Map.Entry<String, String> below(String name, String tasks) {
    return Map.entry(name, "name: " + name + '\n' + DEFAULTS + "tasks:\n" + tasks);
  }
}
