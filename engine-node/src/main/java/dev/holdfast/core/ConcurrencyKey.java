package dev.holdfast.core;

/**
 * How many executions of a definition may run at once that have the same key.
 *
 * @param value gives an execution's key when it begins: text, a number or a boolean
 * @param limit how many, from 1 to {@link Limits#SLOTS_MAX}
 * @param onLimit what becomes of more
 */
public record ConcurrencyKey(Template value, int limit, OnLimit onLimit) {}
