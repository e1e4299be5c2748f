package dev.holdfast.grid.dispatch;

import dev.holdfast.api.ExecutionKey;

/**
 * A task that waits for an agent.
 *
 * @param priority 0 to 9
 * @param readyAtMillis when it became ready, wall clock; orders it among other priorities
 */
record ReadyTask(
    ExecutionKey execution, String task, QueueKey queue, int priority, long readyAtMillis) {}
