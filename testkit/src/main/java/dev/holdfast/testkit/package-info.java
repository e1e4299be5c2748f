/**
 * For tests of workflows: an engine in the test's own thread, by the same rules as a node's, with
 * virtual time and mock agents. Begin with {@link dev.holdfast.testkit.TestKit}.
 */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
