package dev.holdfast.grid.dispatch;

import java.util.Map;

/**
 * Tasks that wait for agents of one kind.
 *
 * @param requires labels that the agent must carry
 * @param tasks how many, 1 or more
 * @param oldestReadyAtMillis when the one that waits longest became ready, about; wall clock
 */
public record WaitingKind(
    String tenant,
    String capability,
    Map<String, String> requires,
    int tasks,
    long oldestReadyAtMillis) {}
