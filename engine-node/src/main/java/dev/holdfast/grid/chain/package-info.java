/**
 * How members with a disk of their own each come to agree on what they have: the merge of their
 * chains when a cluster opens, and the settling of chains while it runs (ADR 0021).
 */
@NullMarked
package dev.holdfast.grid.chain;

import org.jspecify.annotations.NullMarked;
