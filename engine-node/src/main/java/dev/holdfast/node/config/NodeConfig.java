package dev.holdfast.node.config;

import dev.holdfast.core.Limits;
import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.RateLimit;
import dev.holdfast.grid.blob.BlobSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that a node is told at its start.
 *
 * @param data the folder that everything durable is in; made when it isn't there
 * @param bind address that HTTP and member port listen on
 * @param clusterName nodes and thin clients of one cluster have the same
 * @param join addresses of other members, {@code host:port}; empty: none to look for
 * @param clusterSize members expected, by which quorum is counted; 0: as many as there are
 *     addresses in join, 1 without
 * @param discovery how members are found that aren't in join
 * @param kubernetesServiceDns of a headless service; empty: the API is asked
 * @param kubernetesServiceName of the service whose endpoints are members; empty: DNS is asked
 * @param kubernetesNamespace that service's; empty: the pod's own
 * @param summaries whether executions are rows of a SQL table too
 * @param memberPort 0: any free one
 * @param memberPublicAddress what members and thin clients dial, {@code host:port}; empty: the
 *     address it is bound to
 * @param httpPort 0: any free one
 * @param httpConnectionsMax connections that are open at once, at most
 * @param httpStreamsMax event streams that are open at once, at most
 * @param store what keeps the state
 * @param database of the store that is one
 * @param retention how long ended executions are kept
 * @param commandTimeout how long a command waits for the store
 * @param backlogMax changes that may wait for the store before commands are refused
 * @param blobs what is done with large data
 * @param dispatch how tasks that wait are shared out
 * @param autoResumeAfter when a paused execution goes on by itself, unless its pause says otherwise
 */
public record NodeConfig(
    Path data,
    String bind,
    String clusterName,
    List<String> join,
    int clusterSize,
    DiscoveryKind discovery,
    String kubernetesServiceDns,
    String kubernetesServiceName,
    String kubernetesNamespace,
    boolean summaries,
    int memberPort,
    String memberPublicAddress,
    int httpPort,
    int httpConnectionsMax,
    int httpStreamsMax,
    StoreKind store,
    DatabaseConfig database,
    Duration retention,
    Duration commandTimeout,
    int backlogMax,
    BlobSettings blobs,
    DispatchSettings dispatch,
    Duration autoResumeAfter) {

  /** What keeps the state. */
  public enum StoreKind {
    /** A file in the data folder. */
    SQLITE,
    /** A database that all members share. */
    POSTGRES,
    /** Nothing is kept. */
    MEMORY
  }

  /** How members are found beside {@code cluster.join}. */
  public enum DiscoveryKind {
    /** Not at all. */
    NONE,
    /** By a Kubernetes service, its DNS name or the Kubernetes API. */
    KUBERNETES,
    /** By calling on the local network. */
    MULTICAST
  }

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private static final Pattern ADDRESS = Pattern.compile("[^\\s,]+:[0-9]{1,5}");

  static final Setting<Path> DATA =
      new Setting<>("data", "a folder that can be written to", "data", NodeConfig::folder);
  static final Setting<String> BIND =
      new Setting<>("bind", "an IP address or host name", "127.0.0.1", NodeConfig::word);
  static final Setting<String> CLUSTER_NAME =
      new Setting<>(
          "cluster.name", "1 to 63 of A-Z a-z 0-9 . _ -", "holdfast", NodeConfig::clusterName);
  static final Setting<List<String>> JOIN =
      new Setting<>(
          "cluster.join", "addresses HOST:PORT with commas between", "", NodeConfig::addresses);
  static final Setting<Integer> CLUSTER_SIZE =
      Setting.number("cluster.size", "members (0: by cluster.join)", 0, 0, 99);
  static final Setting<DiscoveryKind> DISCOVERY =
      Setting.choice("cluster.discovery", "none, kubernetes or multicast", DiscoveryKind.NONE);
  static final Setting<String> KUBERNETES_SERVICE_DNS =
      new Setting<>("cluster.kubernetes.serviceDns", "a DNS name, or empty", "", String::strip);
  static final Setting<String> KUBERNETES_SERVICE_NAME =
      new Setting<>("cluster.kubernetes.serviceName", "a service, or empty", "", String::strip);
  static final Setting<String> KUBERNETES_NAMESPACE =
      new Setting<>("cluster.kubernetes.namespace", "a namespace, or empty", "", String::strip);
  static final Setting<Boolean> SUMMARIES = Setting.flag("cluster.summaries", true);
  static final Setting<Integer> MEMBER_PORT =
      Setting.number("member.port", "a TCP port (0: any free one)", 5701, 0, 65_535);
  static final Setting<String> MEMBER_PUBLIC_ADDRESS =
      new Setting<>(
          "member.publicAddress", "an address HOST:PORT, or empty", "", NodeConfig::addressOrNone);
  static final Setting<Integer> HTTP_PORT =
      Setting.number("http.port", "a TCP port (0: any free one)", 8080, 0, 65_535);
  static final Setting<Integer> HTTP_CONNECTIONS_MAX =
      Setting.number("http.connectionsMax", "open connections", 10_000, 1, 1_000_000);
  static final Setting<Integer> HTTP_STREAMS_MAX =
      Setting.number("http.streamsMax", "open event streams", 500, 0, 100_000);
  static final Setting<StoreKind> STORE =
      Setting.choice("store.kind", "sqlite, postgres or memory", StoreKind.SQLITE);
  static final Setting<String> STORE_URL =
      new Setting<>("store.url", "a JDBC URL, or empty", "", String::strip);
  static final Setting<String> STORE_USER =
      new Setting<>("store.user", "a name, or empty", "", String::strip);
  static final Setting<String> STORE_PASSWORD =
      new Setting<>("store.password", "a text, or empty", "", text -> text);
  static final Setting<String> STORE_PASSWORD_FILE =
      new Setting<>("store.passwordFile", "a file, or empty", "", String::strip);
  static final Setting<Duration> RETENTION =
      Setting.duration("store.retention", "90d", Duration.ZERO, Duration.ofDays(36_500));
  static final Setting<Duration> COMMAND_TIMEOUT =
      Setting.duration(
          "store.commandTimeout", "10s", Duration.ofMillis(100), Duration.ofMinutes(5));
  static final Setting<Integer> BACKLOG_MAX =
      Setting.number("store.backlogMax", "changes that wait", 100_000, 1, 10_000_000);

  static final Setting<Integer> INLINE_LIMIT =
      Setting.number(
          "payload.inlineLimit",
          "bytes",
          BlobSettings.DEFAULT.inlineLimit(),
          BlobSettings.INLINE_LIMIT_MIN,
          (int) Limits.PAYLOAD_BYTES_MAX);
  static final Setting<Long> BLOB_BYTES_MAX =
      Setting.large("blobs.bytesMax", "bytes", BlobSettings.DEFAULT.bytesMax(), 1L << 20, 1L << 44);
  static final Setting<Duration> BLOB_GRACE =
      Setting.duration("blobs.grace", "24h", Duration.ofMinutes(1), Duration.ofDays(36_500));

  static final Setting<Duration> BLOB_COPY_AFTER =
      Setting.duration("blobs.copyAfter", "30s", Duration.ZERO, Duration.ofDays(1));

  static final Setting<Map<String, RateLimit>> RATE_LIMITS =
      new Setting<>(
          "dispatch.rateLimits",
          "capabilities with a rate, CAPABILITY=10/s (or /m, /h), with commas between",
          "",
          text -> Mapping.parse(text, RateLimit::parse));
  static final Setting<Map<String, Integer>> TENANT_WEIGHTS =
      new Setting<>(
          "dispatch.tenantWeights",
          "tenants with a weight, TENANT=3, 1 to 1000, with commas between",
          "",
          text -> Mapping.parse(text, NodeConfig::weight));
  static final Setting<Integer> QUEUE_MAX =
      Setting.number("dispatch.queueMax", "tasks that wait (0: any)", 100_000, 0, 10_000_000);

  static final Setting<Duration> AUTO_RESUME_AFTER =
      Setting.duration("pause.autoResumeAfter", "24h", Duration.ofSeconds(1), Limits.DURATION_MAX);

  /** Every setting, in the order of {@code config/holdfast.yaml}. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          DATA,
          BIND,
          CLUSTER_NAME,
          JOIN,
          CLUSTER_SIZE,
          DISCOVERY,
          KUBERNETES_SERVICE_DNS,
          KUBERNETES_SERVICE_NAME,
          KUBERNETES_NAMESPACE,
          SUMMARIES,
          MEMBER_PORT,
          MEMBER_PUBLIC_ADDRESS,
          HTTP_PORT,
          HTTP_CONNECTIONS_MAX,
          HTTP_STREAMS_MAX,
          STORE,
          STORE_URL,
          STORE_USER,
          STORE_PASSWORD,
          STORE_PASSWORD_FILE,
          RETENTION,
          COMMAND_TIMEOUT,
          BACKLOG_MAX,
          INLINE_LIMIT,
          BLOB_BYTES_MAX,
          BLOB_GRACE,
          BLOB_COPY_AFTER,
          RATE_LIMITS,
          TENANT_WEIGHTS,
          QUEUE_MAX,
          AUTO_RESUME_AFTER);

  /**
   * Reads the configuration.
   *
   * @param flags by setting key
   * @param environment as {@link System#getenv()}
   * @param file null: none
   * @throws ConfigurationException naming everything that is wrong
   */
  public static NodeConfig read(
      Map<String, String> flags, Map<String, String> environment, @Nullable Path file) {
    var sources = new ConfigurationSources(flags, environment, file);
    sources.refuseUnknownKeys(SETTINGS);
    var config =
        new NodeConfig(
            sources.value(DATA),
            sources.value(BIND),
            sources.value(CLUSTER_NAME),
            sources.value(JOIN),
            sources.value(CLUSTER_SIZE),
            sources.value(DISCOVERY),
            sources.value(KUBERNETES_SERVICE_DNS),
            sources.value(KUBERNETES_SERVICE_NAME),
            sources.value(KUBERNETES_NAMESPACE),
            sources.value(SUMMARIES),
            sources.value(MEMBER_PORT),
            sources.value(MEMBER_PUBLIC_ADDRESS),
            sources.value(HTTP_PORT),
            sources.value(HTTP_CONNECTIONS_MAX),
            sources.value(HTTP_STREAMS_MAX),
            sources.value(STORE),
            new DatabaseConfig(
                sources.value(STORE_URL),
                sources.value(STORE_USER),
                sources.value(STORE_PASSWORD),
                sources.value(STORE_PASSWORD_FILE)),
            sources.value(RETENTION),
            sources.value(COMMAND_TIMEOUT),
            sources.value(BACKLOG_MAX),
            new BlobSettings(
                sources.value(INLINE_LIMIT),
                sources.value(BLOB_BYTES_MAX),
                sources.value(BLOB_GRACE),
                sources.value(BLOB_COPY_AFTER)),
            new DispatchSettings(
                sources.value(RATE_LIMITS),
                sources.value(TENANT_WEIGHTS),
                sources.value(QUEUE_MAX)),
            sources.value(AUTO_RESUME_AFTER));
    config.checkDiscovery(sources);
    config.database.check(config.store == StoreKind.POSTGRES, sources);
    sources.check();
    return config;
  }

  private void checkDiscovery(ConfigurationSources sources) {
    if (discovery == DiscoveryKind.NONE) {
      return;
    }
    sources.require(
        join.isEmpty(), "cluster.join: must be empty where cluster.discovery finds the members");
    sources.require(
        clusterSize > 0,
        "cluster.size: must be given with cluster.discovery, since quorum is counted by it");
    sources.require(
        discovery != DiscoveryKind.KUBERNETES
            || kubernetesServiceDns.isEmpty() != kubernetesServiceName.isEmpty(),
        "cluster.kubernetes: needs serviceDns or serviceName, one of the two");
  }

  private static Path folder(String text) {
    return Path.of(word(text)).toAbsolutePath().normalize();
  }

  private static List<String> addresses(String text) {
    return Stream.of(text.split(",")).map(String::strip).filter(one -> !one.isEmpty()).toList();
  }

  private static String addressOrNone(String text) {
    if (!text.isEmpty() && !ADDRESS.matcher(text).matches()) {
      throw new IllegalArgumentException("not an address");
    }
    return text;
  }

  private static String clusterName(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("not a name");
    }
    return text;
  }

  private static int weight(String text) {
    int weight = Integer.parseInt(text);
    if (weight < 1 || weight > DispatchSettings.WEIGHT_MAX) {
      throw new IllegalArgumentException("out of range");
    }
    return weight;
  }

  private static String word(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("empty");
    }
    return text;
  }
}
