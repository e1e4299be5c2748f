package dev.holdfast.gateway;

/** Hears of every call that was answered. Called on the call's thread; must be quick. */
@FunctionalInterface
public interface RequestObserver {
  /** Hears of nothing. */
  RequestObserver NONE = (method, route, status, nanos) -> {};

  /**
   * @param route the pattern, such as {@code /v1/executions/{id}}; empty when none matched
   * @param nanos from the request's arrival to its answer, waits that were asked for included
   */
  void answered(String method, String route, int status, long nanos);
}
