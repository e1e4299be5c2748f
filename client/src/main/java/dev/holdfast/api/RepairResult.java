package dev.holdfast.api;

import java.util.List;

/**
 * What became of the repair of an execution.
 *
 * @param changed whether something followed from its state that had not been followed: it has gone
 *     on by events of its history
 * @param rederived what of timers, queues and leases was missing and was made anew, in words; its
 *     state is the same
 * @param stuck whether it still can't go on, which is a bug: cancel it, and report it with its
 *     history
 */
public record RepairResult(boolean changed, List<String> rederived, boolean stuck) {
  public RepairResult {
    rederived = List.copyOf(rederived);
  }
}
