package dev.holdfast.client;

import dev.holdfast.api.AgentView;
import dev.holdfast.api.ApprovalView;
import dev.holdfast.api.BatchResult;
import dev.holdfast.api.BlobRef;
import dev.holdfast.api.DefinitionProblem;
import dev.holdfast.api.DefinitionView;
import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.ExecutionIds;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.Page;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.ScheduleView;
import dev.holdfast.api.StartOptions;
import dev.holdfast.api.TaskHandler;
import dev.holdfast.client.wire.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * Connects an application to a Holdfast cluster: it starts and controls executions, and runs
 * agents. Thread-safe; one instance serves a whole process. It survives restarts of members: it
 * reconnects by itself and repeats commands, all of which are idempotent, for the command time-out.
 *
 * <p>Blocking calls throw a {@link dev.holdfast.api.HoldfastException}; their {@code …Async} twins
 * give a stage that completes with it, on a virtual thread, so that what depends on it may block.
 */
public final class HoldfastClient implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final int APPROVALS_PAGE = 100;
  private static final int SCHEDULES_PAGE = 100;

  private final ClientSettings settings;
  private final Cluster cluster;
  private final Watches watches;
  private final AgentFleet fleet;

  HoldfastClient(ClientSettings settings) {
    this.settings = settings;
    this.cluster = new Cluster(settings);
    this.watches = new Watches(cluster);
    this.fleet = new AgentFleet(cluster, watches);
    watches.begin();
    fleet.begin();
  }

  /**
   * Connects to the cluster {@code holdfast} as tenant {@code default}.
   *
   * @param addresses {@code host:port} of members; one that answers is enough
   * @throws dev.holdfast.api.UnavailableException when none answers within 10 s
   */
  public static HoldfastClient connect(String... addresses) {
    return builder().addresses(addresses).connect();
  }

  /** For anything that {@link #connect} takes as given. */
  public static ClientBuilder builder() {
    return new ClientBuilder();
  }

  /** Whose executions this client deals with. */
  public String tenant() {
    return settings.tenant();
  }

  /**
   * Registers the definition in a file, YAML or JSON.
   *
   * @return the version that it has; the one that it had if nothing changed
   * @throws dev.holdfast.api.InvalidRequestException with every error that it has
   * @throws UncheckedIOException when the file can't be read
   */
  public DefinitionView register(Path file) {
    try {
      return register(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("can't read " + file, e);
    }
  }

  /**
   * Registers a definition, YAML or JSON.
   *
   * @throws dev.holdfast.api.InvalidRequestException with every error that it has
   */
  public DefinitionView register(String source) {
    return Stages.await(registerAsync(source));
  }

  /** The asynchronous twin of {@link #register(String)}. */
  public CompletionStage<DefinitionView> registerAsync(String source) {
    return cluster.ask(
        new Request.Register(mediaType(source), source), new TypeReference<DefinitionView>() {});
  }

  /** Every error of a definition that is not to be registered; empty when it is good. */
  public List<DefinitionProblem> validate(String source) {
    return Stages.await(validateAsync(source));
  }

  /** The asynchronous twin of {@link #validate}. */
  public CompletionStage<List<DefinitionProblem>> validateAsync(String source) {
    return cluster.ask(new Request.Validate(mediaType(source), source), new TypeReference<>() {});
  }

  /** The newest version of each definition, without sources. */
  public List<DefinitionView> definitions() {
    return Stages.await(definitionsAsync());
  }

  /** The asynchronous twin of {@link #definitions()}. */
  public CompletionStage<List<DefinitionView>> definitionsAsync() {
    return cluster.ask(new Request.ListDefinitions(), new TypeReference<>() {});
  }

  /**
   * One definition with its source.
   *
   * @param version null: the newest
   * @throws dev.holdfast.api.NotFoundException when there is none
   */
  public DefinitionView definition(String name, @Nullable Integer version) {
    return Stages.await(definitionAsync(name, version));
  }

  /** The asynchronous twin of {@link #definition}. */
  public CompletionStage<DefinitionView> definitionAsync(String name, @Nullable Integer version) {
    return cluster.ask(new Request.GetDefinition(name, version), new TypeReference<>() {});
  }

  /** Starts an execution without input. Durable on return. */
  public ExecutionHandle start(String definition) {
    return start(definition, null);
  }

  /** Starts an execution. Durable on return. */
  public ExecutionHandle start(String definition, @Nullable Object input) {
    return start(definition, input, StartOptions.DEFAULTS);
  }

  /**
   * Starts an execution. Durable on return.
   *
   * @param input a JSON value, or anything that Jackson writes as one
   * @throws dev.holdfast.api.NotFoundException when the definition is not registered
   * @throws dev.holdfast.api.InvalidRequestException when the definition's schema refuses the input
   * @throws dev.holdfast.api.ConflictException when the id belongs to another request's execution
   */
  public ExecutionHandle start(String definition, @Nullable Object input, StartOptions options) {
    return Stages.await(startAsync(definition, input, options));
  }

  /** The asynchronous twin of {@link #start(String, Object)}. */
  public CompletionStage<ExecutionHandle> startAsync(String definition, @Nullable Object input) {
    return startAsync(definition, input, StartOptions.DEFAULTS);
  }

  /**
   * The asynchronous twin of {@link #start(String, Object, StartOptions)}. Blocks while this client
   * has more commands under way than it should, and while an input above 1 MiB is uploaded.
   */
  public CompletionStage<ExecutionHandle> startAsync(
      String definition, @Nullable Object input, StartOptions options) {
    String id = Objects.requireNonNullElseGet(options.id(), () -> ExecutionIds.next(CLOCK));
    ExecutionKey key = key(id);
    Duration timeout = options.timeout();
    var start =
        new Request.Start(
            id,
            definition,
            options.version(),
            cluster.largeData().outgoing(JsonConversion.of(input), settings.commandTimeout()),
            options.attributes(),
            options.session(),
            options.priority(),
            timeout == null ? null : timeout.toMillis(),
            options.watch(),
            options.id() == null);
    CompletableFuture<ExecutionResult> expected =
        options.watch() ? watches.expectStarted(id) : null;
    var handle = new ExecutionHandle(key, cluster, watches, expected);
    return cluster
        .command(start)
        .whenComplete((reply, failure) -> {
          watches.started(id);
          if (failure != null && expected != null) {
            watches.forget(id, expected);
          }
        })
        .thenApply(reply -> handle);
  }

  /**
   * An execution by its id. Asks nobody: that it is unknown shows at the first call on the handle.
   *
   * @throws IllegalArgumentException when no execution can have that id
   */
  public ExecutionHandle execution(String id) {
    return new ExecutionHandle(key(id), cluster, watches, null);
  }

  private ExecutionKey key(String id) {
    return new ExecutionKey(settings.tenant(), id);
  }

  /** A page of executions, newest first. */
  public Page<ExecutionSummary> list(ExecutionFilter filter) {
    return Stages.await(listAsync(filter));
  }

  /** The asynchronous twin of {@link #list}. */
  public CompletionStage<Page<ExecutionSummary>> listAsync(ExecutionFilter filter) {
    return cluster.ask(new Request.ListExecutions(filter), new TypeReference<>() {});
  }

  /**
   * Pauses all executions that are running when it comes to them, each durably.
   *
   * @param definition those of this one alone; null: all of the tenant
   * @param reason kept in each history
   */
  public BatchResult pauseAll(
      @Nullable String definition, PauseMode mode, @Nullable String reason) {
    var batch = new Batch(this, execution -> execution.pauseAsync(mode, reason));
    return mode == PauseMode.IMMEDIATE
        ? batch.run(definition, ExecutionStatus.RUNNING, ExecutionStatus.PAUSING)
        : batch.run(definition, ExecutionStatus.RUNNING);
  }

  /**
   * Resumes all executions that are paused when it comes to them, each durably.
   *
   * @param definition those of this one alone; null: all of the tenant
   * @param reason kept in each history
   */
  public BatchResult resumeAll(
      @Nullable String definition, @Nullable String reason, boolean force) {
    var batch = new Batch(this, execution -> execution.resumeAsync(reason, force));
    return batch.run(definition, ExecutionStatus.PAUSED, ExecutionStatus.PAUSING);
  }

  /**
   * A schedule by its name. Asks nobody: that it is unknown shows at the first call on the handle.
   *
   * @throws IllegalArgumentException when no schedule can have that name
   */
  public ScheduleHandle schedule(String name) {
    ExecutionKey.ofSchedule(settings.tenant(), name);
    return new ScheduleHandle(name, cluster);
  }

  /**
   * The schedules, by name.
   *
   * @param cursor where the page before ended; null: the first page
   */
  public Page<ScheduleView> schedules(@Nullable String cursor) {
    return Stages.await(schedulesAsync(cursor));
  }

  /** The asynchronous twin of {@link #schedules}. */
  public CompletionStage<Page<ScheduleView>> schedulesAsync(@Nullable String cursor) {
    return cluster.ask(new Request.ListSchedules(SCHEDULES_PAGE, cursor), new TypeReference<>() {});
  }

  /** Agents that are connected or were seen lately, by all members. */
  public List<AgentView> agents() {
    return Stages.await(agentsAsync());
  }

  /** The asynchronous twin of {@link #agents()}. */
  public CompletionStage<List<AgentView>> agentsAsync() {
    return cluster.ask(new Request.ListAgents(), new TypeReference<>() {});
  }

  /**
   * The tasks that wait for a person's decision, those first that have waited longest.
   *
   * @param cursor where the page before ended; null: the first page
   */
  public Page<ApprovalView> approvals(@Nullable String cursor) {
    return Stages.await(approvalsAsync(cursor));
  }

  /** The asynchronous twin of {@link #approvals}. */
  public CompletionStage<Page<ApprovalView>> approvalsAsync(@Nullable String cursor) {
    return cluster.ask(
        new Request.ListApprovals(null, null, APPROVALS_PAGE, cursor), new TypeReference<>() {});
  }

  /**
   * Keeps a file's content, to be referred to by inputs and outputs: the reference may stand
   * anywhere in them. It stays for as long as an execution refers to it, and for a while before.
   *
   * @param mediaType such as {@code text/csv}
   * @throws UncheckedIOException when the file can't be read
   */
  public BlobRef upload(Path file, String mediaType) {
    return cluster
        .largeData()
        .upload(out -> Files.copy(file, out), true, mediaType, settings.commandTimeout());
  }

  /** The same with what the stream gives, which is read to its end and not closed. */
  public BlobRef upload(InputStream content, String mediaType) {
    return cluster
        .largeData()
        .upload(content::transferTo, false, mediaType, settings.commandTimeout());
  }

  /**
   * The content that is referred to, read as it is asked for. To be closed. Reading throws {@link
   * dev.holdfast.api.NotFoundException} when there is no such blob.
   */
  public InputStream open(BlobRef reference) {
    return cluster.largeData().open(reference);
  }

  /**
   * A value, such as an execution's output, with the JSON that it refers to in the references'
   * place; what is no JSON stays as it is.
   *
   * @throws dev.holdfast.api.NotFoundException when it refers to what is not there
   */
  public @Nullable Object resolve(@Nullable Object value) {
    return cluster.largeData().resolved(value);
  }

  /**
   * Describes an agent: who takes tasks of this capability.
   *
   * @param handler called for each task on a virtual thread of its own
   */
  public AgentBuilder agent(String capability, TaskHandler handler) {
    return new AgentBuilder(fleet, capability, handler);
  }

  /** Lets the agents finish what they run, for at most 30 s, and disconnects. */
  @Override
  public void close() {
    fleet.close();
    watches.close();
    cluster.close();
  }

  private static String mediaType(String source) {
    return source.stripLeading().startsWith("{") ? "application/json" : "application/yaml";
  }
}
