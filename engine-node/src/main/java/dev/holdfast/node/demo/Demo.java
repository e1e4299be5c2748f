package dev.holdfast.node.demo;

import dev.holdfast.api.ExecutionIds;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.StartOptions;
import dev.holdfast.client.ExecutionHandle;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.core.Event;
import dev.holdfast.grid.EventFeed;
import dev.holdfast.node.server.NodeRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Runs the sample workflow on a node in this process, twice, so that both branches are seen. */
final class Demo {
  private static final String DEFINITION = "demo-report";
  private static final int TASKS = 8;
  private static final int HISTORY_MAX = 1000;
  private static final Duration EVENT_WAIT_MAX = Duration.ofSeconds(30);
  private static final List<String> TOPICS = List.of("tidal power", "ball bearings");

  private final NodeRuntime node;
  private final PrintWriter out;
  private final boolean terminal = System.console() != null && System.console().isTerminal();

  Demo(NodeRuntime node, PrintWriter out) {
    this.node = node;
    this.out = out;
  }

  /** Whether all executions completed. */
  boolean run() throws InterruptedException {
    try (var holdfast =
        HoldfastClient.builder()
            .addresses(node.memberAddress())
            .clusterName(node.config().clusterName())
            .actor("demo")
            .connect()) {
      holdfast.register(definition());
      DemoAgents.start(holdfast);
      boolean allCompleted = true;
      for (String topic : TOPICS) {
        allCompleted &= run(holdfast, topic);
      }
      return allCompleted;
    }
  }

  private boolean run(HoldfastClient holdfast, String topic) throws InterruptedException {
    String id = ExecutionIds.next(InstantSource.system());
    var key = new ExecutionKey(holdfast.tenant(), id);
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    EventFeed.Listener listener = (ignored, item) -> events.add(item.event());
    out.printf("%n%s on \"%s\" is execution %s%n", DEFINITION, topic, id);
    out.flush();
    ExecutionHandle execution;
    try (var _ = node.engine().events().subscribe(key.tenant(), key, listener);
        var progress = new LiveProgress(out, DEFINITION, TASKS, terminal)) {
      execution = holdfast.start(DEFINITION, Map.of("topic", topic), StartOptions.DEFAULTS.id(id));
      showUntilEnd(events, progress);
    }
    var result = execution.awaitResult(EVENT_WAIT_MAX);
    var history = execution.history(0, HISTORY_MAX);
    boolean completed = result.status() == ExecutionStatus.COMPLETED;
    out.printf("  %s", result.status());
    if (completed) {
      out.printf(" with %s", new JsonMapper().writeValueAsString(result.output()));
    }
    out.printf("; its history has %d events%n", history.size());
    out.flush();
    return completed;
  }

  private static void showUntilEnd(BlockingQueue<Event> events, LiveProgress progress)
      throws InterruptedException {
    for (Event event = next(events); ; event = next(events)) {
      TaskLines.of(event).ifPresent(line -> progress.line("  " + line));
      if (TaskLines.endsTask(event) || event instanceof Event.DecisionTaken) {
        progress.step();
      }
      if (event instanceof Event.ExecutionCompleted || event instanceof Event.ExecutionFailed) {
        return;
      }
    }
  }

  private static Event next(BlockingQueue<Event> events) throws InterruptedException {
    Event event = events.poll(EVENT_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
    if (event == null) {
      throw new IllegalStateException("nothing happens any more");
    }
    return event;
  }

  private static String definition() {
    try (var source = Demo.class.getResourceAsStream("/demo/report.yaml")) {
      if (source == null) {
        throw new IllegalStateException("the demo's definition is not in the build");
      }
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
