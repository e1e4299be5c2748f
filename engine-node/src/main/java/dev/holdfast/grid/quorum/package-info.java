/** Which members make up the cluster, whether they may decide, and when the cluster opens. */
@NullMarked
package dev.holdfast.grid.quorum;

import org.jspecify.annotations.NullMarked;
