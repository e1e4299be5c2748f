package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.TaskToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Brings ready tasks and agents together, and watches the leases of what was handed over. */
public interface Dispatcher {
  /**
   * Opens a session for an agent that is connected and takes pushes. It begins with no credit.
   *
   * @param sink told of assignments and revocations, in order; must not block
   */
  AgentSession open(AgentProfile profile, AgentSink sink);

  /**
   * Hands out up to {@code max} tasks, waiting up to {@code wait} for the first; an empty list when
   * none came. Cancel the future to stop waiting.
   */
  CompletableFuture<List<Assignment>> poll(AgentProfile profile, int max, Duration wait);

  /**
   * The worker says that it is still at it.
   *
   * @param progress shown with the task; null: unchanged
   * @return LIVE; REVOKED: it should stop, its result would be refused; fails with a {@link
   *     dev.holdfast.journal.StoreException} when nobody can tell at the moment
   */
  CompletableFuture<LeaseStatus> heartbeat(
      String tenant, TaskToken token, @Nullable Double progress, @Nullable Object details);

  /** Who was to be handed the task has gone before it came: it goes to another one. */
  void giveBack(Assignment assignment);

  /**
   * Agents of a tenant that are connected or were seen lately. Blocks; for virtual threads.
   *
   * @throws dev.holdfast.journal.StoreException when a member does not say which it knows
   */
  List<AgentInfo> agents(String tenant);

  /**
   * What the newest heartbeats of an execution's running attempts said; those without any are left
   * out, and all of them when its owner does not tell. Blocks; for virtual threads.
   */
  Map<TaskToken, Progress> progress(ExecutionKey execution, List<TaskToken> running);

  /** The rate limit of the capability; null: it has none. */
  @Nullable RateLimit rateLimit(String capability);

  enum LeaseStatus {
    LIVE,
    REVOKED
  }

  record Progress(@Nullable Double progress, @Nullable Object details, Instant at) {}

  record AgentInfo(
      String worker,
      List<String> capabilities,
      Map<String, String> labels,
      int running,
      Instant lastSeen,
      boolean connected) {}

  /** Where an agent's assignments go. */
  interface AgentSink {
    void assigned(List<Assignment> assignments);

    void revoked(List<TaskToken> tokens);

    /**
     * So many tasks wait because the agent has no credit left here. Told when that begins and every
     * now and then while it lasts; 0: credit is left again.
     */
    void wanted(int tasks);

    /**
     * Running attempts have come to this member, and who has them is not known: a beat should come
     * soon.
     */
    void rollCall();
  }

  /** A connected agent. Thread-safe. */
  interface AgentSession {
    /**
     * It can take this many more tasks. Each assignment uses one credit up, which the agent gives
     * back once, when it is through with it, whatever became of the result.
     */
    void grant(int credits);

    /**
     * It takes back credit that is not in use.
     *
     * @param most 1 or more
     * @return how much there was, {@code most} at most
     */
    int recall(int most);

    /** Tasks that wait because it has no credit left. */
    int wanted();

    /**
     * It is alive and runs exactly these, those included whose result has not been acknowledged.
     * Attempts that it was given a while ago and has twice not named are lost; attempts that it
     * names and held before a restart or under another owner are its own again. To be called every
     * second; a session that is silent for 10 s is closed.
     *
     * @return those that it names and should stop
     */
    List<TaskToken> beat(Set<TaskToken> running);

    /** It takes no more tasks and finishes those that it has; credit not used up is void. */
    void drain();

    /** It is gone, and what it ran is handed out anew. */
    void close();
  }
}
