package dev.holdfast.api;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start an execution. Immutable; each method gives a changed copy: {@code
 * StartOptions.DEFAULTS.id("order-7").priority(9)}.
 *
 * @param id the execution's id; null: one is made. Starting the same id again with the same request
 *     gives the same execution
 * @param version of the definition; null: the newest
 * @param attributes what the execution can be found by, 32 at most
 * @param session groups executions; null: none
 * @param priority 0 to 9, 9 first; null: 5
 * @param timeout instead of the definition's own; null: that
 * @param watch whether the end is pushed to this client, which {@code awaitResult} is fastest with;
 *     false for who starts and forgets
 */
public record StartOptions(
    @Nullable String id,
    @Nullable Integer version,
    Map<String, String> attributes,
    @Nullable String session,
    @Nullable Integer priority,
    @Nullable Duration timeout,
    boolean watch) {
  /** The newest version, an id of its own, priority 5, watched. */
  public static final StartOptions DEFAULTS =
      new StartOptions(null, null, Map.of(), null, null, null, true);

  public StartOptions {
    attributes = Map.copyOf(attributes);
    if (priority != null && (priority < 0 || priority > 9)) {
      throw new IllegalArgumentException("priority must be 0 to 9, but is: " + priority);
    }
  }

  public StartOptions id(String value) {
    return new StartOptions(value, version, attributes, session, priority, timeout, watch);
  }

  public StartOptions version(int value) {
    return new StartOptions(id, value, attributes, session, priority, timeout, watch);
  }

  public StartOptions attributes(Map<String, String> value) {
    return new StartOptions(id, version, value, session, priority, timeout, watch);
  }

  public StartOptions session(String value) {
    return new StartOptions(id, version, attributes, value, priority, timeout, watch);
  }

  public StartOptions priority(int value) {
    return new StartOptions(id, version, attributes, session, value, timeout, watch);
  }

  public StartOptions timeout(Duration value) {
    return new StartOptions(id, version, attributes, session, priority, value, watch);
  }

  public StartOptions watch(boolean value) {
    return new StartOptions(id, version, attributes, session, priority, timeout, value);
  }
}
