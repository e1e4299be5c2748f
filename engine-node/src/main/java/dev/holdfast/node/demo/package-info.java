/** The demo: a node, sample agents and a sample workflow in one command. */
@NullMarked
package dev.holdfast.node.demo;

import org.jspecify.annotations.NullMarked;
