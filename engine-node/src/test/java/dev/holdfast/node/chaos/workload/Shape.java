package dev.holdfast.node.chaos.workload;

import java.util.Locale;

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
      """);

  /**
   * An answer with a task that is lost on its way leaves the attempt to its time-out; so that is
   * short, and there are attempts enough for the worst of runs.
   */
  static final String DEFAULTS =
      "defaults: { timeout: 8s, retry: { maxAttempts: 100, initial: 50ms, max: 500ms } }\n";

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
    return "name: " + definition() + '\n' + DEFAULTS + "tasks:\n" + tasks;
  }

  static Shape of(int n) {
    return values()[n % values().length];
  }
}
