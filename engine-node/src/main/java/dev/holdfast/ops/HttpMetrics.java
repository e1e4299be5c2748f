package dev.holdfast.ops;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts and times the gateway's calls. Thread-safe and cheap: one map look-up a call. */
public final class HttpMetrics {
  /** What stands for calls that no route matched, so that their paths can't become labels. */
  private static final String NO_ROUTE = "none";

  private record Kind(String method, String route, int status) {}

  private final MeterRegistry registry;
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

  HttpMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * A call was answered.
   *
   * @param route its pattern; empty when none matched
   */
  public void answered(String method, String route, int status, long nanos) {
    var kind = new Kind(method, route.isEmpty() ? NO_ROUTE : route, status);
    Timer timer = timers.get(kind);
    if (timer == null) {
      timer = timers.computeIfAbsent(kind, this::timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Kind kind) {
    return Timer.builder("holdfast.http.requests")
        .description("HTTP calls answered; waits that callers asked for included")
        .tag("method", kind.method)
        .tag("route", kind.route)
        .tag("status", Integer.toString(kind.status))
        .register(registry);
  }
}
