/** The durable side: state stores, group commit, checkpoints, codecs and the map store. */
@NullMarked
package dev.holdfast.journal;

import org.jspecify.annotations.NullMarked;
