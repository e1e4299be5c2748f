/** The thin client: connection, commands and their wire forms, agents. */
@NullMarked
package dev.holdfast.client;

import org.jspecify.annotations.NullMarked;
