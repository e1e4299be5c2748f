package dev.holdfast.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a schedule does when a time comes while what it began before has not ended. */
public enum OverlapPolicy {
  /** Nothing is begun for that time. */
  SKIP("skip"),
  /** It waits until what was begun before has ended. */
  QUEUE("queue"),
  /** What was begun before is cancelled; it begins once that has ended. */
  CANCEL_OTHER("cancel-other");

  private final String text;

  OverlapPolicy(String text) {
    this.text = text;
  }

  /** As it is written in JSON. */
  @JsonValue
  public String text() {
    return text;
  }
}
