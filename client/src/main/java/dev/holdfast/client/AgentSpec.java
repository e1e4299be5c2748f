package dev.holdfast.client;

import dev.holdfast.api.TaskHandler;
import java.util.List;
import java.util.Map;

/**
 * What an agent is.
 *
 * @param concurrency tasks at once
 */
record AgentSpec(
    List<String> capabilities,
    String worker,
    Map<String, String> labels,
    int concurrency,
    TaskHandler handler) {}
