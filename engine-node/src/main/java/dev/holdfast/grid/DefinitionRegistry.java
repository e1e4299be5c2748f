package dev.holdfast.grid;

import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Schedule;
import dev.holdfast.core.definition.DefinitionCompiler;
import dev.holdfast.core.definition.DefinitionProblem;
import dev.holdfast.core.definition.SourceNode;
import dev.holdfast.grid.definition.DefinitionBook;
import dev.holdfast.grid.definition.DefinitionKey;
import dev.holdfast.grid.definition.DefinitionShare;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.codec.DefinitionDigest;
import dev.holdfast.journal.codec.DefinitionReader;
import dev.holdfast.journal.codec.SchemaCompiler;
import java.lang.ref.SoftReference;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The definitions of all tenants: each kept by this member's store, shared with the other members
 * by the map {@value #MAP_NAME}, and compiled here when it is first wanted. Thread-safe.
 *
 * <p>It can be asked from its construction on, so that recovery finds the plans of what the store
 * has; from {@link #join} on it knows what the other members know. A definition is durable here
 * before anybody can see it.
 */
public final class DefinitionRegistry implements Definitions {
  /** The grid's map of definitions. */
  public static final String MAP_NAME = "definitions";

  private final InstantSource clock;
  private final SchemaCompiler schemas = new SchemaCompiler();
  private final DefinitionBook book;
  private final Map<DefinitionKey, SoftReference<Plan>> plans = new ConcurrentHashMap<>();
  private volatile @Nullable DefinitionShare share;

  /**
   * @throws StoreException when the store can't be read
   */
  public DefinitionRegistry(StateStore store, InstantSource clock) {
    this.clock = clock;
    this.book = new DefinitionBook(store);
  }

  /**
   * How the map is to be configured: on every member, and read there without asking the owner, so
   * that a plan can be had on any thread.
   */
  public static MapConfig mapConfig() {
    return new MapConfig(MAP_NAME)
        .setBackupCount(MapConfig.MAX_BACKUP_COUNT)
        .setReadBackupData(true)
        .setStatisticsEnabled(false)
        .setPerEntryStatsEnabled(false);
  }

  /** Shares what this member has, and takes over what the others have. */
  public void join(HazelcastInstance hazelcast) {
    share = DefinitionShare.join(hazelcast.getMap(MAP_NAME), book);
  }

  /** The member was merged into another part of the cluster, which may know others. */
  void joinAgain() {
    DefinitionShare shared = share;
    if (shared != null) {
      shared.exchange();
    }
  }

  @Override
  public Registration register(String tenant, String name, String mediaType, String source) {
    // Checks the tenant's form, which the keys rely on.
    new ExecutionKey(tenant, name);
    SourceNode root = readable(mediaType, source);
    check(root, name);
    String digest = DefinitionDigest.of(root);
    IntFunction<StoredDefinition> definition =
        version ->
            new StoredDefinition(tenant, name, version, digest, mediaType, source, clock.instant());
    DefinitionShare shared = share;
    return shared == null
        ? book.add(tenant, name, digest, definition)
        : shared.add(tenant, name, digest, definition);
  }

  private static SourceNode readable(String mediaType, String source) {
    return switch (DefinitionReader.read(mediaType, source)) {
      case DefinitionReader.Read read -> read.root();
      case DefinitionReader.Unreadable unreadable -> throw invalid(unreadable.problems());
    };
  }

  private void check(SourceNode root, String name) {
    switch (DefinitionCompiler.compile(root, 0, schemas)) {
      case DefinitionCompiler.Refused refused -> throw invalid(refused.problems());
      case DefinitionCompiler.Compiled compiled -> {
        String own = compiled.plan().name();
        if (!own.equals(name)) {
          SourceNode at = nameOf(root);
          String message =
              "the definition calls itself '%s', but was sent as '%s'".formatted(own, name);
          throw invalid(List.of(new DefinitionProblem("name", at.line(), at.column(), message)));
        }
      }
    }
  }

  private static SourceNode nameOf(SourceNode root) {
    return ((SourceNode.Mapping) root)
        .entries().stream()
            .filter(entry -> entry.key().equals("name"))
            .findFirst()
            .map(SourceNode.Entry::value)
            .orElse(root);
  }

  private static InvalidDefinitionException invalid(List<DefinitionProblem> problems) {
    return new InvalidDefinitionException(errors(problems));
  }

  private static List<DefinitionError> errors(List<DefinitionProblem> problems) {
    return problems.stream()
        .map(p -> new DefinitionError(p.path(), p.line(), p.column(), p.message()))
        .toList();
  }

  @Override
  public List<DefinitionError> validate(String mediaType, String source) {
    return switch (DefinitionReader.read(mediaType, source)) {
      case DefinitionReader.Unreadable unreadable -> errors(unreadable.problems());
      case DefinitionReader.Read read ->
          switch (DefinitionCompiler.compile(read.root(), 0, schemas)) {
            case DefinitionCompiler.Refused refused -> errors(refused.problems());
            case DefinitionCompiler.Compiled ignored -> List.of();
          };
    };
  }

  @Override
  public Optional<StoredDefinition> find(String tenant, String name, @Nullable Integer version) {
    return key(tenant, name, version).flatMap(this::definition);
  }

  @Override
  public List<StoredDefinition> list(String tenant) {
    DefinitionShare shared = share;
    var names = shared == null ? book.names(tenant) : shared.names(tenant);
    return names.stream().sorted().flatMap(name -> find(tenant, name, null).stream()).toList();
  }

  @Override
  public Optional<Plan> plan(String tenant, String name, @Nullable Integer version) {
    return key(tenant, name, version).flatMap(this::plan);
  }

  @Override
  public Plan resolve(String tenant, String definition, int version) {
    if (definition.equals(Schedule.DEFINITION)) {
      return Schedule.PLAN;
    }
    var key = new DefinitionKey(tenant, definition, version);
    return plan(key)
        .orElseThrow(() -> new StoreException("no definition " + key.text() + " is registered"));
  }

  private Optional<DefinitionKey> key(String tenant, String name, @Nullable Integer version) {
    if (version != null) {
      return Optional.of(new DefinitionKey(tenant, name, version));
    }
    DefinitionShare shared = share;
    int newest = shared == null ? book.newest(tenant, name) : shared.newest(tenant, name);
    return newest == 0 ? Optional.empty() : Optional.of(new DefinitionKey(tenant, name, newest));
  }

  private Optional<StoredDefinition> definition(DefinitionKey key) {
    Optional<StoredDefinition> here = book.find(key);
    DefinitionShare shared = share;
    return here.isPresent() || shared == null ? here : shared.find(key);
  }

  private Optional<Plan> plan(DefinitionKey key) {
    SoftReference<Plan> kept = plans.get(key);
    Plan plan = kept == null ? null : kept.get();
    return plan != null ? Optional.of(plan) : definition(key).map(d -> compileAgain(key, d));
  }

  /** One instance serves all executions of the version, also when two threads want it first. */
  private synchronized Plan compileAgain(DefinitionKey key, StoredDefinition definition) {
    SoftReference<Plan> kept = plans.get(key);
    Plan plan = kept == null ? null : kept.get();
    if (plan == null) {
      plan = compile(definition);
      plans.put(key, new SoftReference<>(plan));
    }
    return plan;
  }

  private Plan compile(StoredDefinition definition) {
    if (!(DefinitionReader.read(definition.mediaType(), definition.source())
        instanceof DefinitionReader.Read read)) {
      throw damaged(definition, "can't be read");
    }
    return switch (DefinitionCompiler.compileRegistered(
        read.root(), definition.version(), schemas)) {
      case DefinitionCompiler.Compiled compiled -> compiled.plan();
      case DefinitionCompiler.Refused refused ->
          throw damaged(definition, refused.problems().getFirst().toString());
    };
  }

  private static StoreException damaged(StoredDefinition definition, String why) {
    return new StoreException(
        "the stored definition %s/%s/%d does not compile any more: %s"
            .formatted(definition.tenant(), definition.name(), definition.version(), why));
  }
}
