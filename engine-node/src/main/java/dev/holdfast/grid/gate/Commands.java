package dev.holdfast.grid.gate;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.JsonValues;
import dev.holdfast.api.TaskToken;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import dev.holdfast.core.Command;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.Outcome;
import dev.holdfast.grid.StartDigest;
import dev.holdfast.grid.blob.LargeInput;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns requests into commands and their outcomes into replies. Doesn't wait. */
public final class Commands {
  private static final int PRIORITY_DEFAULT = 5;

  private final Engine engine;

  public Commands(Engine engine) {
    this.engine = engine;
  }

  public CompletableFuture<Reply> start(ExecutionKey key, String actor, Request.Start request) {
    if (!ExecutionKey.isOwnId(key.id())) {
      return done(
          new Reply.Refused(
              "invalid-request",
              "an id must have no '/': ids of tasks' own executions are given by the engine"));
    }
    Optional<Plan> plan =
        engine.definitions().plan(key.tenant(), request.definition(), request.version());
    if (plan.isEmpty()) {
      return done(Refusals.noDefinition(request.definition(), request.version()));
    }
    Reply.Refused refused = check(plan.get(), key, request);
    if (refused != null) {
      return done(refused);
    }
    long bytes = JsonValues.sizeBytes(request.input());
    return bytes <= engine.blobs().settings().inlineLimit()
        ? start(plan.get(), key, actor, request, request.input())
        : large(() -> engine.blobs().inlined(key.tenant(), request.input(), bytes))
            .thenCompose(input -> start(plan.get(), key, actor, request, input));
  }

  /** What is large goes to the disk first, which takes its time. */
  private static CompletableFuture<@Nullable Object> large(Supplier<@Nullable Object> value) {
    return CompletableFuture.supplyAsync(value, Thread::startVirtualThread);
  }

  private CompletableFuture<Reply> start(
      Plan plan, ExecutionKey key, String actor, Request.Start request, @Nullable Object input) {
    int priority = request.priority() == null ? PRIORITY_DEFAULT : request.priority();
    Duration timeout =
        request.timeoutMillis() == null ? null : Duration.ofMillis(request.timeoutMillis());
    String digest =
        StartDigest.of(
            request.definition(),
            request.version(),
            request.input(),
            request.attributes(),
            request.session(),
            priority,
            timeout);
    var command =
        new Command.StartExecution(
            plan,
            key,
            input,
            request.attributes(),
            request.session(),
            priority,
            timeout,
            digest,
            actor);
    return request.fresh()
        ? engine.startFresh(command).thenApply(Commands::reply)
        : run(key, command);
  }

  private Reply.@Nullable Refused check(Plan plan, ExecutionKey key, Request.Start request) {
    if (request.attributes().size() > Limits.ATTRIBUTES_MAX) {
      return new Reply.Refused(
          "invalid-request",
          "an execution may have " + Limits.ATTRIBUTES_MAX + " attributes at most");
    }
    boolean tooLong =
        request.attributes().entrySet().stream()
            .anyMatch(entry -> isTooLong(entry.getKey()) || isTooLong(entry.getValue()));
    if (tooLong || isTooLong(request.session())) {
      return new Reply.Refused(
          "invalid-request",
          "an attribute or session may have " + Limits.LABEL_CHARS_MAX + " characters at most");
    }
    if (request.timeoutMillis() != null
        && (request.timeoutMillis() <= 0
            || request.timeoutMillis() > Limits.DURATION_MAX.toMillis())) {
      return new Reply.Refused(
          "invalid-request", "a timeout must be above nothing and at most " + Limits.DURATION_MAX);
    }
    List<String> violations =
        plan.inputSchema() == SchemaCheck.NONE
            ? List.of()
            : LargeInput.violations(engine.blobs(), key.tenant(), plan, request.input());
    return violations.isEmpty() ? null : Refusals.invalidInput(String.join("; ", violations));
  }

  private static boolean isTooLong(@Nullable String label) {
    return label != null && label.length() > Limits.LABEL_CHARS_MAX;
  }

  public CompletableFuture<Reply> complete(ExecutionKey key, Request.Complete request) {
    long bytes = JsonValues.sizeBytes(request.output());
    return bytes <= engine.blobs().settings().inlineLimit()
        ? complete(key, request, request.output())
        : large(() -> engine.blobs().inlined(key.tenant(), request.output(), bytes))
            .thenCompose(output -> complete(key, request, output));
  }

  private CompletableFuture<Reply> complete(
      ExecutionKey key, Request.Complete request, @Nullable Object output) {
    TaskToken token = request.token();
    return run(
        key,
        new Command.CompleteTask(
            token.task(), token.attempt(), token.nonce(), output, request.spawn()));
  }

  public CompletableFuture<Reply> fail(ExecutionKey key, Request.Fail request) {
    TaskToken token = request.token();
    Long after = request.retryAfterMillis();
    return run(
        key,
        new Command.FailTask(
            token.task(),
            token.attempt(),
            token.nonce(),
            request.error(),
            request.retryable(),
            after == null ? null : Duration.ofMillis(after)));
  }

  public CompletableFuture<Reply> heartbeat(String tenant, Request.Heartbeat request) {
    return engine
        .dispatcher()
        .heartbeat(tenant, request.token(), request.progress(), request.details())
        .thenApply(status ->
            switch (status) {
              case LIVE -> new Reply.Body(false);
              case REVOKED -> new Reply.Body(true);
            });
  }

  public CompletableFuture<Reply> run(ExecutionKey key, Command command) {
    return engine.submit(key, command).thenApply(Commands::reply);
  }

  private static Reply reply(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> done.changed() ? Reply.Done.CHANGED : Reply.Done.UNCHANGED;
      case Outcome.Refused refused -> Refusals.of(refused.rejection());
    };
  }

  private static CompletableFuture<Reply> done(Reply reply) {
    return CompletableFuture.completedFuture(reply);
  }
}
