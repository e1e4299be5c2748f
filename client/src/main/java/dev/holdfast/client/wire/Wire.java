package dev.holdfast.client.wire;

import java.util.UUID;

/** Names and numbers that both sides of the wire agree on. */
public final class Wire {
  /** The executor for {@link CommandBatch}es of commands and questions, which may wait. */
  public static final String EXECUTOR = "holdfast-commands";

  /**
   * The executor for those about agents' sessions: beats must not queue behind commands that wait
   * for a store or a backup, or the agents would seem dead.
   */
  public static final String SESSIONS_EXECUTOR = "holdfast-sessions";

  /** The executor for {@link BlobCall}s, so that large data never stands in commands' way. */
  public static final String BLOBS_EXECUTOR = "holdfast-blobs";

  /** Key of the {@link MemberGate} for large data in a member's user context. */
  public static final String BLOB_GATE = "holdfast.blob-gate";

  /** Key of the {@link MemberGate} in a member's user context. */
  public static final String GATE = "holdfast.member-gate";

  /** Id of {@link WireFactory} in both sides' serialization configuration. */
  public static final int FACTORY_ID = 4201;

  /** The cluster's name where none is configured. */
  public static final String CLUSTER_NAME_DEFAULT = "holdfast";

  /** The member port where none is configured. */
  public static final int PORT_DEFAULT = 5701;

  /** First element of each batch and each push; another one is refused. */
  static final int VERSION = 2;

  /** Requests of one batch at most. */
  public static final int BATCH_REQUESTS_MAX = 512;

  private Wire() {}

  /** The topic that members push to one client on. */
  public static String pushTopic(UUID client) {
    return "holdfast-push-" + client;
  }
}
