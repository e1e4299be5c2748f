/** The cluster that is measured: members as processes of their own, which can be killed. */
@NullMarked
package dev.holdfast.node.bench.cluster;

import org.jspecify.annotations.NullMarked;
