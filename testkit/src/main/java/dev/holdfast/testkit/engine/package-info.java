/** The engine within the kit: the core's shell with virtual time. Nothing here is for users. */
@NullMarked
package dev.holdfast.testkit.engine;

import org.jspecify.annotations.NullMarked;
