package dev.holdfast.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An agent that is connected or was seen lately.
 *
 * @param running attempts that it holds
 * @param connected by the thin client; false: it polls over HTTP
 */
public record AgentView(
    String worker,
    List<String> capabilities,
    Map<String, String> labels,
    int running,
    Instant lastSeen,
    boolean connected) {}
