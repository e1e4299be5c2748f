package dev.holdfast.core;

/**
 * Whose child an execution is.
 *
 * @param execution id of the parent, in the same tenant
 * @param task the task of it that the child carries out
 * @param attempt which attempt of that task
 * @param depth how many executions there are above: 1 to {@link Limits#CHILD_DEPTH_MAX}
 */
public record ParentLink(String execution, String task, int attempt, int depth) {}
