package dev.holdfast.grid;

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
    DispatchSettings dispatch) {

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

  /** Of a member without a SQL table that looks for no others than those in {@code join}. */
  public GridSettings(
      String clusterName,
      String bindAddress,
      int port,
      List<String> join,
      int clusterSize,
      int httpPort,
      String version,
      Duration commandTimeout,
      int backlogMax) {
    this(
        clusterName,
        bindAddress,
        port,
        join,
        clusterSize,
        httpPort,
        version,
        commandTimeout,
        backlogMax,
        new Discovery.None(),
        "",
        false);
  }

  /** Of a member that does with large data what is done by default. */
  public GridSettings(
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
      boolean summaries) {
    this(
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
        BlobSettings.DEFAULT,
        DispatchSettings.NONE);
  }

  /** The same with other settings for large data. */
  public GridSettings withBlobs(BlobSettings other) {
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
        other,
        dispatch);
  }
}
