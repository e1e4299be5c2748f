package dev.holdfast.grid.peer;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one member can ask another. Codes are part of the protocol and never reused.
 *
 * <p>Each kind of question has its {@link Lane}, so that questions which wait for something are
 * never in the way of those by which it comes.
 */
public enum PeerOp {
  /** A command of the outside for an execution that the asked member owns. */
  COMMAND(1),
  /** The state of an execution that the asked member owns. */
  FIND(2),
  /** Up to which transition of each partition the asking member has made its copy durable. */
  DURABLE(3, Lane.HINT),
  /** The master asks for the promise to go by no lower epoch. */
  EPOCH_PROPOSE(4, Lane.EPOCH),
  /** Whether the asked member has a connection of a thin client. */
  CLIENT_CONNECTED(18, Lane.HINT),
  /** The master tells which epoch a quorum has promised. */
  EPOCH_ADOPT(5, Lane.EPOCH),
  /** An operator wants the cluster open with the members that are there; to the master. */
  OPEN_FORCED(6, Lane.EPOCH),
  /** Whether the asked member has promised no other epoch than the asking one goes by. */
  EPOCH_HELD(10, Lane.HINT),
  /** Members took the last copy of something with them; to the master. */
  MEMORY_LOST(8, Lane.EPOCH),
  /** The asking member hands over what it has, and leaves. */
  LEAVING(9, Lane.HINT),
  /** What the asked member has to say of itself. */
  MEMBER_FIGURES(7, Lane.HINT),
  /** Events of an execution that the asked member owns. */
  HISTORY(20, Lane.READ),
  /** The newest checkpoint of an execution that the asked member owns. */
  CHECKPOINT(21, Lane.READ),
  /** A page of the executions that the asked member owns. */
  LIST(22, Lane.READ),
  /** Remove executions that ended long ago. */
  PURGE(23, Lane.READ),
  /** A sign of life of an attempt whose execution the asked member owns. */
  HEARTBEAT(24, Lane.READ),
  /** What heartbeats of an execution's attempts said. */
  PROGRESS(25, Lane.HINT),
  /** A task was handed over to nobody. */
  GIVE_BACK(26, Lane.HINT),
  /** Which agents the asked member knows. */
  AGENTS(27, Lane.HINT),
  /** Tasks that the asked member can hand out at once. */
  POLL(28, Lane.HAND_OVER),
  /** Which tasks await approval in the partitions that the asked member owns. */
  APPROVALS(50, Lane.READ),
  /** Let an execution that the asked member owns go on, if its state allows that. */
  REPAIR(51, Lane.HAND_OVER),
  /** How long tasks of a definition took on the asked member. */
  TASK_TIMES(52, Lane.HINT),
  /** What a parent that the asked member owns wants of a child. */
  PARENT_WISH(56, Lane.READ),
  /** Tokens of a capability's rate limit, whose bucket is with the asked member. */
  RATE_TOKENS(53, Lane.HINT),
  /** The schedules in the partitions that the asked member owns. */
  SCHEDULES(54, Lane.READ),
  /** Somebody waits for a slot of these concurrency keys, or has given one back. */
  SLOT_CHANGED(70, Lane.HINT),
  /** Which executions of the asked member hold slots of these concurrency keys, or wait for one. */
  SLOT_CLAIMS(71, Lane.HINT),
  /** Whether an execution may begin with a slot of a concurrency key, which the asked one gives. */
  SLOT_RESERVE(72, Lane.SLOTS),
  /** What the asking member wants to be told by the asked one from now on. */
  WISHES(29, Lane.HINT),
  /** What the asked member had wished to be told. */
  NEWS(19, Lane.HINT),
  /** Heads of live chains in the asked member's store, of partitions that the asking one owns. */
  CHAIN_HEADS(40, Lane.READ),
  /** Where these chains end in the asked member's store. */
  CHAIN_LOOKUP(41, Lane.READ),
  /** Whole chains out of the asked member's store. */
  CHAIN_FETCH(42, Lane.READ),
  /** What the asking member has; whether the asked one has it too, or wants it. */
  CHAIN_OFFER(43, Lane.CHAINS),
  /** Chains that the asked member wanted. */
  CHAIN_PUT(44, Lane.CHAINS),
  /** The asking member has offered all chains that it has, and nothing was left to be taken. */
  CHAIN_OFFERED(45, Lane.HINT),
  /** What the asked member's store has of chains' beginnings that the asking one lacks. */
  CHAIN_BEGINNINGS(46, Lane.READ),
  /** Whether the asked member's disk has a blob. */
  BLOB_FIND(60, Lane.READ),
  /** Some of the content of a blob on the asked member's disk. */
  BLOB_READ(61, Lane.READ),
  /** Blobs that the asked member is to have on its disk, copied from another one's. */
  BLOB_TAKE(62, Lane.BLOBS),
  /** An execution uses a blob on the asked member's disk. */
  BLOB_USE(63, Lane.READ),
  /** Which executions, of those that the asked member owns, are kept no longer. */
  BLOB_USERS_GONE(64, Lane.READ);

  /** Whom an answer waits for; each lane has threads of its own. */
  public enum Lane {
    /** Until something is durable, which others may have to confirm. */
    COMMIT("holdfast-peers", 16),
    /** Until the start of a task is durable. */
    HAND_OVER("holdfast-peers-hand-over", 8),
    /** For the store, read or swept. */
    READ("holdfast-peers-read", 8),
    /** For other members' chains to be read or kept; nobody outside waits for it. */
    CHAINS("holdfast-peers-chains", 2),
    /** For blobs to be copied between disks. */
    BLOBS("holdfast-peers-blobs", 4),
    /** For all members to have told of their claims to slots. */
    SLOTS("holdfast-peers-slots", 8),
    /** For a promise to be durable, on which everything else may wait. */
    EPOCH("holdfast-peers-epoch", 2),
    /** For nothing: it only takes note. */
    HINT("holdfast-peers-hint", 4);

    private final String executor;
    private final int threads;

    Lane(String executor, int threads) {
      this.executor = executor;
      this.threads = threads;
    }

    String executor() {
      return executor;
    }

    int threads() {
      return threads;
    }
  }

  /** Fails when two have one code. */
  private static final Map<Integer, PeerOp> BY_CODE =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(PeerOp::code, op -> op));

  private final int code;
  private final Lane lane;

  PeerOp(int code) {
    this(code, Lane.COMMIT);
  }

  PeerOp(int code, Lane lane) {
    this.code = code;
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }

  int code() {
    return code;
  }

  static PeerOp of(int code) {
    PeerOp op = BY_CODE.get(code);
    if (op == null) {
      throw new IllegalArgumentException("no operation " + code + " between members");
    }
    return op;
  }
}
