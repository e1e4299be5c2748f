/** The {@code agent} commands. */
@NullMarked
package dev.holdfast.cli.agent;

import org.jspecify.annotations.NullMarked;
