/** Lists, histories and checkpoints of the whole cluster. */
@NullMarked
package dev.holdfast.grid.reach.records;

import org.jspecify.annotations.NullMarked;
