package dev.holdfast.testkit;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.StartOptions;
import dev.holdfast.api.TaskHandler;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.core.Command;
import dev.holdfast.core.Plan;
import dev.holdfast.testkit.engine.Agenda;
import dev.holdfast.testkit.engine.Chronicle;
import dev.holdfast.testkit.engine.DefinitionShelf;
import dev.holdfast.testkit.engine.VirtualEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An engine for tests of workflows: in the test's own thread, with virtual time, and with agents
 * that are functions. Definitions, commands, events, limits and the journal's encoding are a
 * node's; only time and agents are not.
 *
 * <pre>{@code
 * TestKit kit = TestKit.create();
 * kit.register(Path.of("invoice-review.yaml"));
 * kit.agent("document-extractor", task -> Map.of("pages", 3)).failing(1);
 * KitExecution execution = kit.start("invoice-review", Map.of("file", "a.pdf"));
 * kit.runUntilIdle();
 * assertThat(execution).isCompleted();
 * }</pre>
 *
 * <p>Nothing happens between two calls: agents work, retries wait and deadlines pass only within
 * {@link #advance} and {@link #runUntilIdle}, in the order of time, and in the same order for the
 * same seed. Not thread-safe, and nothing has to be closed.
 */
public final class TestKit {
  private static final int PRIORITY_DEFAULT = 5;
  private static final String ACTOR = "test";

  private final String tenant;
  private final Agenda agenda;
  private final DefinitionShelf definitions = new DefinitionShelf();
  private final VirtualEngine engine;
  private final Desk desk;
  private final Waits waits;
  private final Map<String, Integer> counters = new HashMap<>();

  TestKit(TestKitBuilder options) {
    this.tenant = options.tenant();
    this.agenda = new Agenda(options.start());
    this.engine = new VirtualEngine(agenda, definitions);
    this.desk = new Desk(agenda, engine, options.seed());
    this.waits = new Waits(desk);
    engine.attach(desk);
  }

  /** A kit whose time begins with the year 2026, and whose jitter comes from the seed 0. */
  public static TestKit create() {
    return builder().build();
  }

  /** For a kit with another seed, time or tenant. */
  public static TestKitBuilder builder() {
    return new TestKitBuilder();
  }

  /**
   * Registers a definition from a file: JSON if its name ends with {@code .json}, else YAML.
   *
   * @return the definition's name
   * @throws InvalidRequestException when it has errors: all of them, with their places
   * @throws UncheckedIOException when the file can't be read
   */
  public String register(Path file) {
    try {
      return register(Files.readString(file), file.toString().endsWith(".json"), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("can't read the definition " + file.toAbsolutePath(), e);
    }
  }

  /**
   * Registers a definition, YAML or JSON. The same content again keeps its version, other content
   * is the next version.
   *
   * @return the definition's name
   * @throws InvalidRequestException when it has errors: all of them, with their places
   */
  public String register(String text) {
    return register(text, text.stripLeading().startsWith("{"), "the definition");
  }

  private String register(String text, boolean isJson, String source) {
    String mediaType = isJson ? "application/json" : "application/yaml";
    return definitions.register(mediaType, text, source).name();
  }

  /** Adds an agent that answers with its input, as {@code --exec cat} does. */
  public MockAgent agent(String capability) {
    return agent(capability, task -> task.input());
  }

  /**
   * Adds an agent; it takes the place of one with the same capability.
   *
   * @param handler what it does, of the same type as an agent's of the Java client
   */
  public MockAgent agent(String capability, TaskHandler handler) {
    return agent(capability, Map.of(), handler);
  }

  /**
   * Adds an agent with labels, for tasks that {@code require} them; it takes the place of one with
   * the same capability and labels.
   */
  public MockAgent agent(String capability, Map<String, String> labels, TaskHandler handler) {
    var agent = new MockAgent(desk, capability, labels, nextId("mock-" + capability), handler);
    desk.add(agent);
    return agent;
  }

  /** Starts an execution without input, of the definition's newest version. */
  public KitExecution start(String definition) {
    return start(definition, null);
  }

  /** Starts an execution of the definition's newest version. */
  public KitExecution start(String definition, @Nullable Object input) {
    return start(definition, input, StartOptions.DEFAULTS);
  }

  /**
   * Starts an execution. Its agents work when time runs.
   *
   * @param input a JSON value, or anything that Jackson writes as one
   * @param options an id that none is given in is the definition's name with a number
   * @throws NotFoundException when the definition is not registered
   * @throws InvalidRequestException when the definition's schema refuses the input, or a limit does
   * @throws dev.holdfast.api.ConflictException when the id is that of another request
   */
  public KitExecution start(String definition, @Nullable Object input, StartOptions options) {
    Plan plan = definitions.find(definition, options.version());
    Object value = JsonConversion.of(input);
    List<String> violations = engine.blobs().violations(plan.inputSchema(), value);
    if (!violations.isEmpty()) {
      throw new InvalidRequestException("invalid-input", String.join("; ", violations));
    }
    Duration timeout = options.timeout();
    String id = options.id();
    var key = new ExecutionKey(tenant, id == null ? nextId(definition) : id);
    int priority = Objects.requireNonNullElse(options.priority(), PRIORITY_DEFAULT);
    Refusals.check(
        engine.submit(
            key,
            new Command.StartExecution(
                plan,
                key,
                engine.blobs().inlined(value),
                options.attributes(),
                options.session(),
                priority,
                timeout,
                digest(definition, value, options),
                ACTOR)));
    return new KitExecution(this, key, ACTOR);
  }

  private static String digest(String definition, @Nullable Object input, StartOptions options) {
    return "%s %s %s %s %s %s %s"
        .formatted(
            definition,
            options.version(),
            ValueFormat.JSON.writeText(input),
            new TreeMap<>(options.attributes()),
            options.session(),
            options.priority(),
            options.timeout());
  }

  /**
   * Starts an execution and lets it run until it has ended or waits for somebody: {@link #start}
   * and {@link #runUntilIdle}.
   */
  public KitExecution run(String definition, @Nullable Object input) {
    KitExecution execution = start(definition, input);
    runUntilIdle();
    return execution;
  }

  /**
   * The execution of that id.
   *
   * @throws NotFoundException when there is none
   */
  public KitExecution execution(String id) {
    var key = new ExecutionKey(tenant, id);
    if (key.isInternal() || engine.find(key) == null) {
      throw new NotFoundException("execution-not-found", "no execution " + id);
    }
    return new KitExecution(this, key, ACTOR);
  }

  /**
   * Sets a schedule. Its times come while time runs ({@link #advance}), by the zone that it says.
   *
   * @throws InvalidRequestException with everything that is wrong with it
   */
  public KitSchedule schedule(String name, ScheduleSpec spec) {
    return new KitSchedule(this, ExecutionKey.ofSchedule(tenant, name)).set(spec);
  }

  /** All executions, oldest first. */
  public List<KitExecution> executions() {
    return engine.chronicles().stream()
        .map(Chronicle::key)
        .filter(key -> !key.isInternal())
        .map(key -> new KitExecution(this, key, ACTOR))
        .toList();
  }

  /** Keeps data for an execution's input, which then has the reference that this gives. */
  public BlobRef upload(byte[] content, String mediaType) {
    return engine.blobs().keep(content.clone(), mediaType);
  }

  /**
   * The content of data that is kept by reference.
   *
   * @throws NotFoundException when there is none
   */
  public InputStream open(BlobRef reference) {
    return engine.blobs().open(reference);
  }

  /** The value with the JSON that it refers to in its place; what is no JSON stays a reference. */
  public @Nullable Object resolve(@Nullable Object value) {
    return engine.blobs().resolved(value);
  }

  /** The time it is. */
  public Instant now() {
    return agenda.now();
  }

  /**
   * Lets so much time pass, with all that happens in it.
   *
   * @throws MissingAgentException when a task becomes ready that no mock agent could carry out
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time does not run back: " + time);
    }
    agenda.runUntil(agenda.now().plus(time));
  }

  /**
   * Lets time run until nothing happens by itself any more: every execution has ended, or waits for
   * somebody, a signal, an approval, a resume, a disconnected agent. Results, retries, delays and
   * time-outs of attempts and of teardowns are not waited for, they happen. Deadlines of waits for
   * somebody, and of whole executions, pass only on the way to what else happens: to get there,
   * {@link #advance}.
   *
   * @throws MissingAgentException when a task becomes ready that no mock agent could carry out
   */
  public void runUntilIdle() {
    engine.runUntilIdle();
  }

  VirtualEngine engine() {
    return engine;
  }

  Waits waits() {
    return waits;
  }

  /** An id that the kit has not given out: {@code prefix-1}, then {@code prefix-2}. */
  String nextId(String prefix) {
    return prefix + "-" + counters.merge(prefix, 1, Integer::sum);
  }
}
