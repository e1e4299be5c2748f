/** What the cluster that is measured has to do, and the clocks beside it. */
@NullMarked
package dev.holdfast.node.bench.load;

import org.jspecify.annotations.NullMarked;
