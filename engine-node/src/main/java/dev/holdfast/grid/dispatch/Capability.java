package dev.holdfast.grid.dispatch;

/** What agents are found by before their labels are looked at. */
record Capability(String tenant, String name) {}
