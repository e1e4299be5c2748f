/** Tests of data by reference in a cluster. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.grid.blob;
