package dev.holdfast.grid;

import dev.holdfast.core.Limits;
import dev.holdfast.grid.blob.BlobSettings;
import java.time.Duration;
import java.util.List;

/**
 * How a member takes its place in the grid.
 *
 * @param clusterName members and clients of one cluster say the same
 * @param bindAddress what the member port listens on
 * @param port member port; 0: any free one
 * @param join addresses of other members, {@code host:port}; empty where {@code discovery} finds
 *     them, or for a cluster of one
 * @param clusterSize members expected, 1 or more; quorum is more than half of them
 * @param httpPort told to the other members; 0: no gateway
 * @param version told to the other members
 * @param commandTimeout how long a command waits for the store before its caller hears that the
 *     outcome is not known
 * @param backlogMax entries that may wait for the journal before commands are refused
 * @param discovery how members are found that {@code join} does not name
 * @param publicAddress what members and thin clients dial instead of the address and port that it
 *     is bound to, {@code host:port}; empty: those
 * @param summaries whether executions are rows of a SQL table too
 * @param blobs what is done with large data
 * @param dispatch how tasks that wait are shared out
 * @param autoResumeAfter when a paused execution goes on by itself, unless its pause says otherwise
 */
public record GridSettings(
    String clusterName,
    String bindAddress,
    int port,
    List<String> join,
    int clusterSize,
    int httpPort,
    String version,
    Duration commandTimeout,
    int backlogMax,
    Discovery discovery,
    String publicAddress,
    boolean summaries,
    BlobSettings blobs,
    DispatchSettings dispatch,
    Duration autoResumeAfter) {

  /** Entries that may wait for the journal by default. */
  public static final int BACKLOG_MAX = 100_000;

  /** How long a command waits for the store by default. */
  public static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

  /**
   * @throws IllegalArgumentException when a number is out of its range
   */
  public GridSettings {
    join = List.copyOf(join);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, but is " + port);
    }
    if (clusterSize < 1) {
      throw new IllegalArgumentException("cluster size must be 1 or more, but is " + clusterSize);
    }
    if (backlogMax < 1) {
      throw new IllegalArgumentException("backlog must be 1 or more, but is " + backlogMax);
    }
    if (!join.isEmpty() && !(discovery instanceof Discovery.None)) {
      throw new IllegalArgumentException("join must be empty with discovery, but is " + join);
    }
  }

  /**
   * Settings of a member, to be told apart by name. What is not said: a cluster of one at any free
   * port of 127.0.0.1, without a gateway and without a SQL table, that does with everything else
   * what is done by default.
   *
   * @param clusterName members and clients of one cluster say the same
   * @param version told to the other members
   */
  public static Builder of(String clusterName, String version) {
    return new Builder(clusterName, version);
  }

  /** Collects settings. For one thread. */
  public static final class Builder {
    private final String clusterName;
    private final String version;
    private String bindAddress = "127.0.0.1";
    private int port;
    private List<String> join = List.of();
    private int clusterSize = 1;
    private int httpPort;
    private Duration commandTimeout = COMMAND_TIMEOUT;
    private int backlogMax = BACKLOG_MAX;
    private Discovery discovery = new Discovery.None();
    private String publicAddress = "";
    private boolean summaries;
    private BlobSettings blobs = BlobSettings.DEFAULT;
    private DispatchSettings dispatch = DispatchSettings.NONE;
    private Duration autoResumeAfter = Limits.AUTO_RESUME_AFTER;

    private Builder(String clusterName, String version) {
      this.clusterName = clusterName;
      this.version = version;
    }

    public Builder bindAddress(String bindAddress) {
      this.bindAddress = bindAddress;
      return this;
    }

    public Builder port(int port) {
      this.port = port;
      return this;
    }

    public Builder join(List<String> join) {
      this.join = join;
      return this;
    }

    public Builder clusterSize(int clusterSize) {
      this.clusterSize = clusterSize;
      return this;
    }

    public Builder httpPort(int httpPort) {
      this.httpPort = httpPort;
      return this;
    }

    public Builder commandTimeout(Duration commandTimeout) {
      this.commandTimeout = commandTimeout;
      return this;
    }

    public Builder backlogMax(int backlogMax) {
      this.backlogMax = backlogMax;
      return this;
    }

    public Builder discovery(Discovery discovery) {
      this.discovery = discovery;
      return this;
    }

    public Builder publicAddress(String publicAddress) {
      this.publicAddress = publicAddress;
      return this;
    }

    public Builder summaries(boolean summaries) {
      this.summaries = summaries;
      return this;
    }

    public Builder blobs(BlobSettings blobs) {
      this.blobs = blobs;
      return this;
    }

    public Builder dispatch(DispatchSettings dispatch) {
      this.dispatch = dispatch;
      return this;
    }

    public Builder autoResumeAfter(Duration autoResumeAfter) {
      this.autoResumeAfter = autoResumeAfter;
      return this;
    }

    /**
     * @throws IllegalArgumentException when a number is out of its range
     */
    public GridSettings build() {
      return new GridSettings(
          clusterName,
          bindAddress,
          port,
          join,
          clusterSize,
          httpPort,
          version,
          commandTimeout,
          backlogMax,
          discovery,
          publicAddress,
          summaries,
          blobs,
          dispatch,
          autoResumeAfter);
    }
  }
}
