package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Command;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.Plan;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real member on a free port of the loopback interface, in a cluster of its own. */
public final class TestMember implements AutoCloseable {
  public static final String TENANT = "default";
  public final GridEngine engine;

  public TestMember(StateStore store) {
    this(GridSettings.of("test-" + UUID.randomUUID(), "test").build(), store);
  }

  public TestMember(GridSettings settings, StateStore store) {
    this.engine = new GridEngine(settings, store, InstantSource.system());
  }

  public TestMember() {
    this(new MemoryStateStore());
  }

  public void register(String name, String yaml) {
    engine.definitions().register(TENANT, name, "application/yaml", yaml);
  }

  /** Starts an execution of the newest version. */
  public Outcome start(String definition, String id, @Nullable Object input) {
    return start(definition, id, input, "digest-" + input);
  }

  public Outcome start(String definition, String id, @Nullable Object input, String digest) {
    Plan plan = engine.definitions().plan(TENANT, definition, null).orElseThrow();
    return submit(
        id,
        new Command.StartExecution(
            plan, key(id), input, Map.of(), null, 5, null, digest, "tester"));
  }

  public Outcome submit(String id, Command command) {
    return engine.submit(key(id), command).orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Polls for exactly one task. */
  public Assignment pollOne(String capability) {
    List<Assignment> tasks = poll(capability, 1, Duration.ofSeconds(20));
    assertThat(tasks).hasSize(1);
    return tasks.getFirst();
  }

  public List<Assignment> poll(String capability, int max, Duration wait) {
    var profile = new AgentProfile(TENANT, "worker-1", List.of(capability), Map.of());
    return engine.dispatcher().poll(profile, max, wait).orTimeout(40, TimeUnit.SECONDS).join();
  }

  public Outcome complete(Assignment task, @Nullable Object output) {
    return submit(
        task.execution(),
        new Command.CompleteTask(task.task(), task.attempt(), task.token().nonce(), output));
  }

  public ExecutionState state(String id) {
    return engine.find(key(id)).orElseThrow();
  }

  public ExecutionState awaitEnd(String id) {
    return engine.whenEnded(key(id)).orTimeout(30, TimeUnit.SECONDS).join();
  }

  public static ExecutionKey key(String id) {
    return new ExecutionKey(TENANT, id);
  }

  @Override
  public void close() {
    engine.close();
  }
}
