package dev.holdfast.node.demo;

import dev.holdfast.api.TaskContext;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.client.HoldfastClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Agents that do as if: each takes a moment, and the checker's first attempt fails. */
final class DemoAgents {
  private static final int AT_ONCE = 4;
  private static final int WORK_MILLIS = 250;

  private DemoAgents() {}

  /** Starts them; they end with the client. */
  static void start(HoldfastClient holdfast) {
    agent(holdfast, "planner", task -> Map.of("questions", List.of("what", "who", "since when")));
    agent(holdfast, "researcher", task -> Map.of("sources", List.of("archive", "survey", "talk")));
    agent(holdfast, "writer", task -> Map.of("text", "Three sources agree, mostly."));
    agent(holdfast, "translator", task -> Map.of("text", "Drei Quellen sind sich einig, meist."));
    agent(holdfast, "checker", DemoAgents::check);
    agent(holdfast, "publisher", task -> Map.of("published", true));
  }

  private interface Work {
    Map<String, Object> of(TaskContext task);
  }

  private static void agent(HoldfastClient holdfast, String capability, Work work) {
    holdfast
        .agent(
            capability,
            task -> {
              Thread.sleep(WORK_MILLIS);
              return work.of(task);
            })
        .worker(capability + "-1")
        .concurrency(AT_ONCE)
        .start();
  }

  private static Map<String, Object> check(TaskContext task) {
    if (task.attempt() == 1) {
      throw new TaskFailedException("busy", "the archive does not answer");
    }
    String topic = String.valueOf(Objects.requireNonNull(task.inputObject().get("topic")));
    return Map.of("doubts", topic.length() % 5);
  }
}
