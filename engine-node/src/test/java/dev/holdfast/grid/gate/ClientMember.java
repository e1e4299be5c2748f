package dev.holdfast.grid.gate;

import dev.holdfast.client.HoldfastClient;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.GridEngine;
import dev.holdfast.grid.GridSettings;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.node.process.FreePorts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;

/** A real member that thin clients connect to, in a cluster of its own. */
final class ClientMember implements AutoCloseable {
  private final String cluster;
  private final int port;
  private final DispatchSettings dispatch;
  private GridEngine engine;

  ClientMember() {
    this(new MemoryStateStore());
  }

  ClientMember(StateStore store) {
    this(store, DispatchSettings.NONE);
  }

  ClientMember(StateStore store, DispatchSettings dispatch) {
    this.cluster = "test-" + UUID.randomUUID();
    this.port = FreePorts.oneOn("127.0.0.1");
    this.dispatch = dispatch;
    this.engine = start(store);
  }

  GridEngine engine() {
    return engine;
  }

  /** Closes the engine and starts another one at the same port. */
  void restart(Supplier<StateStore> store) {
    engine.close();
    engine = start(store.get());
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  String cluster() {
    return cluster;
  }

  HoldfastClient connect() {
    return connect("default");
  }

  HoldfastClient connect(String tenant) {
    return connect(tenant, Duration.ofSeconds(20));
  }

  HoldfastClient connect(String tenant, Duration commandTimeout) {
    return HoldfastClient.builder()
        .addresses(address())
        .clusterName(cluster)
        .tenant(tenant)
        .actor("tester")
        .commandTimeout(commandTimeout)
        .connect();
  }

  private GridEngine start(StateStore store) {
    return new GridEngine(
        GridSettings.of(cluster, "test").port(port).dispatch(dispatch).build(),
        store,
        InstantSource.system());
  }

  @Override
  public void close() {
    engine.close();
  }
}
