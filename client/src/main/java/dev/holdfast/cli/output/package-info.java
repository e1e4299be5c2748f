/** What the commands print: tables, times, JSON. */
@NullMarked
package dev.holdfast.cli.output;

import org.jspecify.annotations.NullMarked;
