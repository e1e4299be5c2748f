package dev.holdfast.grid.peer;

/** What one member can ask another. Codes are part of the protocol and never reused. */
public enum PeerOp {
  /** A command of the outside for an execution that the asked member owns. */
  COMMAND(1),
  /** The state of an execution that the asked member owns. */
  FIND(2),
  /** Up to which transition of each partition the asking member has made its copy durable. */
  DURABLE(3),
  /** The master asks for the promise to go by no lower epoch. */
  EPOCH_PROPOSE(4),
  /** The master tells which epoch a quorum has promised. */
  EPOCH_ADOPT(5);

  private final int code;

  PeerOp(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static PeerOp of(int code) {
    for (PeerOp op : values()) {
      if (op.code == code) {
        return op;
      }
    }
    throw new IllegalArgumentException("no operation " + code + " between members");
  }
}
