package dev.holdfast.node.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run measured (CONTRACT §5): the field names are those of the JSON.
 *
 * @param durable whether every acknowledgement was synced first
 * @param startMs start call until its durable acknowledgement
 * @param routingMs a task's becoming ready until the call of its handler
 * @param endToEndMs start call until the result was known to who started
 * @param lost acknowledged starts that did not end, and tasks of completed ones that no handler saw
 * @param duplicated handler calls beyond one a task
 * @param nodeRssMiB all members' resident memory at the end of the run
 * @param memberRssMiB each member's
 * @param cpuMsPerTask each member's CPU time in the run, by the tasks that the cluster completed
 * @param storeBytes what all data folders take, or the whole database, warm-up included
 * @param limits null unless asked for
 */
record BenchReport(
    int workflows,
    int tasksPerWorkflow,
    String store,
    int members,
    boolean durable,
    double seconds,
    double workflowsPerSecond,
    double tasksPerSecond,
    Map<String, Double> startMs,
    Map<String, Double> routingMs,
    Map<String, Double> endToEndMs,
    int completed,
    int failed,
    int lost,
    int duplicated,
    double nodeRssMiB,
    List<Double> memberRssMiB,
    List<Double> cpuMsPerTask,
    long storeBytes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Limits limits) {

  BenchReport with(Limits measured) {
    return new BenchReport(
        workflows,
        tasksPerWorkflow,
        store,
        members,
        durable,
        seconds,
        workflowsPerSecond,
        tasksPerSecond,
        startMs,
        routingMs,
        endToEndMs,
        completed,
        failed,
        lost,
        duplicated,
        nodeRssMiB,
        memberRssMiB,
        cpuMsPerTask,
        storeBytes,
        measured);
  }

  /** For people. */
  String table() {
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d workflows of %d tasks in %.2f s, %d member%s, store %s%s%n",
            workflows,
            tasksPerWorkflow,
            seconds,
            members,
            members == 1 ? "" : "s",
            store,
            durable ? ", every acknowledgement durable" : ", nothing durable"));
    text.append(
        String.format(
            Locale.ROOT,
            "  %,.0f tasks/s   %,.0f workflows/s%n",
            tasksPerSecond,
            workflowsPerSecond));
    text.append(
        String.format(
            Locale.ROOT,
            "  completed %d   failed %d   lost %d   duplicated %d%n",
            completed,
            failed,
            lost,
            duplicated));
    for (int i = 0; i < memberRssMiB.size(); i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "  member %d: %.0f MiB resident, %.3f ms of CPU a task%n",
              i,
              memberRssMiB.get(i),
              cpuMsPerTask.get(i)));
    }
    text.append(String.format(Locale.ROOT, "  store %,d bytes%n", storeBytes));
    text.append(String.format("  ms          %9s %9s %9s %9s%n", "p50", "p95", "p99", "max"));
    line(text, "start", startMs);
    line(text, "routing", routingMs);
    line(text, "end to end", endToEndMs);
    if (limits != null) {
      text.append(limits.table());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Map<String, Double> millis) {
    text.append(String.format("  %-11s", name));
    millis.values().forEach(value -> text.append(String.format(Locale.ROOT, " %9.2f", value)));
    text.append(System.lineSeparator());
  }
}
