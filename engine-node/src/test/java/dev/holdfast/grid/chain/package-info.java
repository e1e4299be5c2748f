@org.jspecify.annotations.NullMarked
package dev.holdfast.grid.chain;
