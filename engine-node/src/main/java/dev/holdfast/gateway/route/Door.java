package dev.holdfast.gateway.route;

import dev.holdfast.gateway.problem.Problem;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.grid.ClusterControl;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;

/**
 * Turns calls about executions, tasks and definitions away while the cluster is not open: what this
 * member has in memory then is not the truth, and what it has not is no proof that there is none.
 */
public final class Door {
  private static final List<String> ALWAYS_OPEN = List.of("/v1/cluster", "/v1/schema/");

  private final ClusterControl cluster;

  public Door(ClusterControl cluster) {
    this.cluster = cluster;
  }

  /** Puts itself before the calls. */
  public void addTo(RoutesConfig routes) {
    routes.before("/v1/*", this::check);
  }

  private void check(Context http) {
    if (ALWAYS_OPEN.stream().anyMatch(http.path()::startsWith)) {
      return;
    }
    cluster
        .refusal()
        .ifPresent(why -> {
          throw new ProblemException(Problem.of(why));
        });
  }
}
