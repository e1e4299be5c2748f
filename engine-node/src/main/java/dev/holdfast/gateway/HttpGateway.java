package dev.holdfast.gateway;

import dev.holdfast.gateway.problem.ProblemAnswers;
import dev.holdfast.gateway.problem.ServerProblems;
import dev.holdfast.gateway.route.ApprovalRoutes;
import dev.holdfast.gateway.route.BatchRoutes;
import dev.holdfast.gateway.route.BlobRoutes;
import dev.holdfast.gateway.route.ClusterRoutes;
import dev.holdfast.gateway.route.ControlRoutes;
import dev.holdfast.gateway.route.DefinitionRoutes;
import dev.holdfast.gateway.route.Door;
import dev.holdfast.gateway.route.ExecutionRoutes;
import dev.holdfast.gateway.route.OperationRoutes;
import dev.holdfast.gateway.route.PollRoute;
import dev.holdfast.gateway.route.ScheduleRoutes;
import dev.holdfast.gateway.route.SignalRoutes;
import dev.holdfast.gateway.route.StartRoute;
import dev.holdfast.gateway.route.TaskRoutes;
import dev.holdfast.gateway.stream.EventRoutes;
import dev.holdfast.grid.Engine;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API of a node (CONTRACT §3). A few platform threads move bytes; every call runs on a
 * virtual thread of its own and may wait there.
 */
public final class HttpGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpGateway.class);
  private static final int THREADS_MIN = 4;
  private static final int THREADS_MAX = 16;
  private static final int BACKLOG = 1024;

  /** Longer than any call waits, so that a connection is never taken for dead while it does. */
  private static final Duration IDLE_MAX = GatewaySettings.WAIT_MAX.multipliedBy(2);

  /** Calls that are under way when the gateway closes have so long to be answered. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

  private final Engine engine;
  private final GatewaySettings settings;
  private final RequestObserver observer;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final GracefulHandler calls = new GracefulHandler();
  private final EventRoutes events;
  private final Javalin server;

  /**
   * A gateway that does not listen yet.
   *
   * @param metrics all metrics in Prometheus' text format
   * @param clock what ids and the age of executions go by
   */
  public HttpGateway(
      Engine engine,
      GatewaySettings settings,
      Supplier<String> metrics,
      RequestObserver observer,
      InstantSource clock) {
    this.engine = engine;
    this.settings = settings;
    this.observer = observer;
    this.events = new EventRoutes(engine, settings.streamsMax(), closing);
    // Who waits or listens here is told while the member can still find the answer.
    engine.control().draining().thenRun(this::windDown);
    this.server =
        Javalin.create(config -> {
          server(config);
          routes(config.routes, metrics, clock);
        });
  }

  private void server(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.defaultContentType = "application/json";
    config.jetty.threadPool = threads();
    config.jetty.addConnector(this::connector);
    config.jetty.modifyServletContextHandler(
        context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
    config.jetty.modifyServer(jetty -> {
      jetty.setErrorHandler(new ServerProblems());
      jetty.addBean(new NetworkConnectionLimit(settings.connectionsMax(), jetty));
      jetty.insertHandler(calls);
      jetty.setStopTimeout(0);
    });
    config.requestLogger.http(this::observe);
  }

  private static QueuedThreadPool threads() {
    var threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
    threads.setName("holdfast-http");
    threads.setReservedThreads(0);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("holdfast-http-call-", 0).factory()));
    return threads;
  }

  private Connector connector(Server jetty, HttpConfiguration http) {
    http.setSendDateHeader(false);
    http.setSendServerVersion(false);
    // A child's id has slashes: parent%2Ftask is one segment of a path.
    http.setUriCompliance(
        UriCompliance.DEFAULT.with("holdfast", Violation.AMBIGUOUS_PATH_SEPARATOR));
    var connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.bind());
    connector.setPort(settings.port());
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(IDLE_MAX.toMillis());
    return connector;
  }

  private void routes(RoutesConfig routes, Supplier<String> metrics, InstantSource clock) {
    ProblemAnswers.addTo(routes, engine::isOpen);
    new Door(engine.control()).addTo(routes);
    new DefinitionRoutes(engine.definitions()).addTo(routes);
    new StartRoute(engine, clock).addTo(routes);
    new ExecutionRoutes(engine, clock, closing).addTo(routes);
    new ControlRoutes(engine, clock).addTo(routes);
    new BatchRoutes(engine, clock).addTo(routes);
    new ApprovalRoutes(engine, clock).addTo(routes);
    new SignalRoutes(engine, clock).addTo(routes);
    new ScheduleRoutes(engine, clock).addTo(routes);
    new PollRoute(engine, closing).addTo(routes);
    new TaskRoutes(engine).addTo(routes);
    new BlobRoutes(engine.blobs()).addTo(routes);
    events.addTo(routes);
    new ClusterRoutes(engine).addTo(routes);
    new OperationRoutes(engine, metrics, closing::isDone).addTo(routes);
  }

  private void observe(Context http, float millis) {
    Endpoint endpoint = http.endpoints().lastHttpEndpoint();
    observer.answered(
        http.method().name(),
        endpoint == null ? "" : endpoint.path,
        http.statusCode(),
        (long) (millis * 1e6));
  }

  /**
   * Begins to listen.
   *
   * @throws io.javalin.util.JavalinBindException when the port is taken
   */
  public void start() {
    server.start();
    LOG.info("HTTP on {}:{}", settings.bind(), port());
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Every route, as {@code METHOD /path/{parameter}}; for holding the OpenAPI document to it. */
  public List<String> routes() {
    return server.unsafe.internalRouter.allHttpHandlers().stream()
        .filter(handler -> handler.endpoint.method.isHttpMethod())
        .map(handler -> handler.endpoint.method.name() + ' ' + handler.endpoint.path)
        .sorted()
        .toList();
  }

  private void windDown() {
    closing.complete(null);
    events.close();
  }

  /** Answers the calls that are under way, refusing others, then stops listening. */
  @Override
  public void close() {
    windDown();
    try {
      calls.shutdown().get(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("{} calls were cut off", calls.getCurrentRequestCount());
    } catch (ExecutionException e) {
      LOG.warn("The calls under way could not be waited for", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.stop();
  }
}
