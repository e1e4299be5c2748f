package dev.holdfast.core;

/**
 * The execution that carries an attempt out.
 *
 * @param id of the child, in its parent's tenant
 * @param version of the definition; 0: none was registered, and there is no such child
 * @param paused whether the child was said to be PAUSED since its parent began to pause
 */
public record ChildRun(String id, int version, boolean paused) {}
