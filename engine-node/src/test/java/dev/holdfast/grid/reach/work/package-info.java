@org.jspecify.annotations.NullMarked
package dev.holdfast.grid.reach.work;
