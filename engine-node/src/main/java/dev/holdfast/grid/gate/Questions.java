package dev.holdfast.grid.gate;

import dev.holdfast.api.AgentView;
import dev.holdfast.api.DefinitionView;
import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionSummary;
import dev.holdfast.api.Page;
import dev.holdfast.api.RepairResult;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Request;
import dev.holdfast.core.Limits;
import dev.holdfast.grid.Approvals;
import dev.holdfast.grid.Definitions;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.ExecutionViews;
import dev.holdfast.grid.InvalidDefinitionException;
import dev.holdfast.grid.Repair;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.codec.HistoryEvents;
import java.util.List;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Answers what only reads, and keeps definitions. Blocks. */
public final class Questions {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Engine engine;

  public Questions(Engine engine) {
    this.engine = engine;
  }

  public Reply execution(ExecutionKey key) {
    return engine
        .find(key)
        .<Reply>map(state -> new Reply.Body(ExecutionViews.of(engine, state)))
        .orElseGet(() -> Refusals.noExecution(key));
  }

  /** Lets it go on where it has been left standing. */
  public Reply repair(ExecutionKey key, String by) {
    if (engine.find(key).isEmpty()) {
      return Refusals.noExecution(key);
    }
    Repair repair = engine.repair(key, by);
    return new Reply.Body(new RepairResult(repair.changed(), repair.rederived(), repair.stuck()));
  }

  public Reply history(ExecutionKey key, Request.GetHistory request) {
    int limit = page(request.limit());
    List<HistoryItem> items = engine.records().history(key, request.after(), limit);
    if (items.isEmpty() && engine.find(key).isEmpty()) {
      return Refusals.noExecution(key);
    }
    return new Reply.Body(items.stream().map(HistoryEvents::of).toList());
  }

  /**
   * @throws InvalidDefinitionException with every error found
   */
  public Reply register(String tenant, Request.Register request) {
    Definitions definitions = engine.definitions();
    List<Definitions.DefinitionError> errors =
        definitions.validate(request.mediaType(), request.source());
    if (!errors.isEmpty()) {
      throw new InvalidDefinitionException(errors);
    }
    // YAML reads JSON as well, and the definition is known to be good: it has a name.
    String name = YAML.readTree(request.source()).required("name").asString();
    var registration = definitions.register(tenant, name, request.mediaType(), request.source());
    return new Reply.Body(view(registration.definition(), true));
  }

  public Reply validate(Request.Validate request) {
    return new Reply.Body(
        Refusals.problems(engine.definitions().validate(request.mediaType(), request.source())));
  }

  public Reply definition(String tenant, Request.GetDefinition request) {
    return engine
        .definitions()
        .find(tenant, request.name(), request.version())
        .<Reply>map(found -> new Reply.Body(view(found, true)))
        .orElseGet(() -> Refusals.noDefinition(request.name(), request.version()));
  }

  public Reply definitions(String tenant) {
    return new Reply.Body(
        engine.definitions().list(tenant).stream().map(found -> view(found, false)).toList());
  }

  public Reply executions(String tenant, ExecutionFilter filter) {
    var page =
        engine
            .records()
            .list(
                new ExecutionQuery(
                    tenant,
                    filter.status(),
                    filter.definition(),
                    filter.session(),
                    filter.attributes(),
                    filter.from(),
                    filter.to(),
                    page(filter.limit()),
                    filter.cursor()));
    return new Reply.Body(
        new Page<>(page.items().stream().map(Questions::summary).toList(), page.nextCursor()));
  }

  public Reply agents(String tenant) {
    return new Reply.Body(
        engine.dispatcher().agents(tenant).stream()
            .map(agent ->
                new AgentView(
                    agent.worker(),
                    agent.capabilities(),
                    agent.labels(),
                    agent.running(),
                    agent.lastSeen(),
                    agent.connected()))
            .toList());
  }

  /**
   * @throws IllegalArgumentException when the cursor was not given out by this
   */
  public Reply approvals(String tenant, Request.ListApprovals request) {
    var query =
        new Approvals.Query(
            tenant, request.definition(), request.role(), page(request.limit()), request.cursor());
    return new Reply.Body(engine.approvals().list(query));
  }

  private static int page(int limit) {
    return Math.clamp(limit, 1, Limits.PAGE_MAX);
  }

  private static ExecutionSummary summary(ExecutionRow row) {
    return new ExecutionSummary(
        row.key().id(),
        row.definition(),
        row.version(),
        row.status(),
        row.session(),
        row.attributes(),
        row.priority(),
        row.startedAt(),
        row.updatedAt(),
        row.endedAt(),
        row.error());
  }

  private static DefinitionView view(StoredDefinition found, boolean withSource) {
    return new DefinitionView(
        found.name(),
        found.version(),
        found.digest(),
        found.mediaType(),
        found.registeredAt(),
        withSource ? found.source() : null);
  }
}
