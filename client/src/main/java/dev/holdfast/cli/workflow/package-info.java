/** The {@code workflow} commands. */
@NullMarked
package dev.holdfast.cli.workflow;

import org.jspecify.annotations.NullMarked;
