package dev.holdfast.core.simulation;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.Attempt;

/** Names an attempt. */
record Token(ExecutionKey key, String task, int attempt, long nonce) {
  static Token of(ExecutionKey key, String task, Attempt attempt) {
    return new Token(key, task, attempt.number(), attempt.nonce());
  }
}
