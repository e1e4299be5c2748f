package dev.holdfast.grid;

import com.fasterxml.jackson.annotation.JsonValue;

/** Whether the cluster takes commands, as one member sees it. */
public enum ClusterState {
  /** It has not opened yet: members are missing, or bring in what they have. */
  WAITING("waiting"),
  /** Commands are taken. */
  OPEN("open"),
  /** This member sees too few others: only the others may go on, if anybody. */
  NO_QUORUM("no-quorum"),
  /** This member hands over what it owns, and leaves. */
  DRAINING("draining"),
  /** This member has left the cluster, and waits for its process to be ended. */
  DRAINED("drained");

  private final String text;

  ClusterState(String text) {
    this.text = text;
  }

  /** As it is written in answers. */
  @JsonValue
  public String text() {
    return text;
  }
}
