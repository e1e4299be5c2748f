/** What a node can be told: settings, where their values come from, and the records they end in. */
@NullMarked
package dev.holdfast.node.config;

import org.jspecify.annotations.NullMarked;
