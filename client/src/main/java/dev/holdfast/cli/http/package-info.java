/** Calls to a node's HTTP API. */
@NullMarked
package dev.holdfast.cli.http;

import org.jspecify.annotations.NullMarked;
