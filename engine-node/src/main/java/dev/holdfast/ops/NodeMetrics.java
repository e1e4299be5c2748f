package dev.holdfast.ops;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;

/**
 * All metrics of a node ({@code docs/METRICS.md}), in a registry of its own. Figures are read from
 * their owners when somebody asks; tenants are never among the labels. Thread-safe.
 */
public final class NodeMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** The registry holds what it reads only weakly. */
  private final List<MeterBinder> parts;

  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final HttpMetrics http = new HttpMetrics(registry);

  /**
   * @param parts what the node's parts have to show
   */
  public NodeMetrics(List<MeterBinder> parts) {
    this.parts = List.copyOf(parts);
    new JvmMemoryMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    this.parts.forEach(part -> part.bindTo(registry));
  }

  /** Where the gateway's calls are counted. */
  public HttpMetrics http() {
    return http;
  }

  /** Everything in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
