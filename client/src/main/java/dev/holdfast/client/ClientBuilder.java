package dev.holdfast.client;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.client.wire.Wire;
import java.time.Duration;
import java.util.List;

/** Says how a {@link HoldfastClient} connects. Not thread-safe. */
public final class ClientBuilder {
  private List<String> addresses = List.of("127.0.0.1:" + Wire.PORT_DEFAULT);
  private String clusterName = Wire.CLUSTER_NAME_DEFAULT;
  private String tenant = ExecutionKey.DEFAULT_TENANT;
  private String actor = System.getProperty("user.name", "client");
  private Duration connectTimeout = Duration.ofSeconds(10);
  private Duration commandTimeout = Duration.ofSeconds(30);

  ClientBuilder() {}

  /** {@code host:port} of members; one that answers is enough. Default: 127.0.0.1:5701. */
  public ClientBuilder addresses(String... value) {
    addresses = List.of(value);
    return this;
  }

  /** The cluster's name. Default: {@code holdfast}. */
  public ClientBuilder clusterName(String value) {
    clusterName = value;
    return this;
  }

  /** Whose executions, definitions and agents this client deals with. Default: {@code default}. */
  public ClientBuilder tenant(String value) {
    tenant = value;
    return this;
  }

  /** Who is named in the events that this client causes. Default: the user's login name. */
  public ClientBuilder actor(String value) {
    actor = value;
    return this;
  }

  /** How long the first connection may take. Default: 10 s. */
  public ClientBuilder connectTimeout(Duration value) {
    connectTimeout = value;
    return this;
  }

  /**
   * How long a command is tried again while the cluster can't be reached or takes nothing. Default:
   * 30 s. A task's result is tried until the task's deadline if that is later.
   */
  public ClientBuilder commandTimeout(Duration value) {
    commandTimeout = value;
    return this;
  }

  /**
   * Connects.
   *
   * @throws dev.holdfast.api.UnavailableException when no member answers within the connect
   *     time-out
   * @throws IllegalArgumentException for a bad tenant, time-out or address
   */
  public HoldfastClient connect() {
    ExecutionKey checked = new ExecutionKey(tenant, "any");
    return new HoldfastClient(
        new ClientSettings(
            addresses, clusterName, checked.tenant(), actor, connectTimeout, commandTimeout));
  }
}
