package dev.holdfast.gateway.route;

import dev.holdfast.gateway.GatewaySettings;
import dev.holdfast.gateway.call.Call;
import dev.holdfast.gateway.call.Commands;
import dev.holdfast.gateway.json.Fields;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.ClusterControl;
import dev.holdfast.grid.ClusterState;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.quorum.Standing;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster as this member sees it, opening it by force, and taking this member out of it. */
public final class ClusterRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterRoutes.class);

  /** A forced opening is given so long to be through before the caller is told how it stands. */
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(30);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Engine engine;

  public ClusterRoutes(Engine engine) {
    this.engine = engine;
  }

  /** Adds the calls to the router. */
  public void addTo(RoutesConfig routes) {
    routes.get("/v1/cluster", this::show);
    routes.post("/v1/cluster/open", this::open);
    routes.post("/v1/cluster/drain", this::drain);
  }

  private void show(Context http) {
    new Call(http).answer(200, engine.cluster());
  }

  private void open(Context http) {
    var call = new Call(http);
    Fields fields = Fields.of(call.optionalJson(), Set.of("force"));
    boolean force = fields.flag("force", false);
    fields.check();
    ClusterControl control = engine.control();
    Standing standing = control.standing();
    if (standing.state() == ClusterState.WAITING || standing.state() == ClusterState.NO_QUORUM) {
      if (!force) {
        throw new ProblemException(
            ProblemKind.WRONG_STATE,
            standing.detail()
                + "; with {\"force\": true} the cluster opens without those that are missing, and"
                + " without what only they have");
      }
      LOG.warn("{} opens the cluster by force: {}", call.actor(), standing.detail());
      Commands.await(control.forceOpen());
      awaitOpen(control);
    }
    call.answer(200, engine.cluster());
  }

  private static void awaitOpen(ClusterControl control) {
    long deadline = System.nanoTime() + OPEN_WITHIN.toNanos();
    while (control.standing().state() != ClusterState.OPEN && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void drain(Context http) {
    var call = new Call(http);
    Duration wait = waitOf(call);
    ClusterControl control = engine.control();
    CompletableFuture<Void> left = control.drain();
    CompletableFuture<Boolean> inTime =
        left.handle((unused, error) -> error == null)
            .completeOnTimeout(false, wait.toMillis(), TimeUnit.MILLISECONDS);
    boolean through = Commands.await(inTime);
    Standing standing = control.standing();
    call.answer(
        through ? 200 : 202, Map.of("state", standing.state().text(), "detail", standing.detail()));
  }

  private static Duration waitOf(Call call) {
    Duration wait = call.query("wait").duration("wait");
    if (wait == null) {
      return Duration.ZERO;
    }
    return wait.compareTo(GatewaySettings.WAIT_MAX) < 0 ? wait : GatewaySettings.WAIT_MAX;
  }
}
