package dev.holdfast.grid.eta;

/**
 * How long an execution will take from now on.
 *
 * @param p50Millis as likely less as more
 * @param p90Millis more in one of ten cases
 * @param samples how often the task that was seen least of those counted was seen
 */
record Estimate(double p50Millis, double p90Millis, long samples) {}
