package dev.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task that an agent's result adds to its execution.
 *
 * @param id a letter or underscore, then letters, digits and underscores, at most 63; new in the
 *     execution
 * @param agent the capability that it is routed to
 * @param input a JSON value, given to the agent as it is; null: the execution's input
 * @param needs tasks that come before it: others of the same result, or of the definition
 */
public record SpawnedTask(String id, String agent, @Nullable Object input, List<String> needs) {
  public SpawnedTask {
    needs = List.copyOf(needs);
  }
}
