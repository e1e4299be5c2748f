/** Tests of what every store of blobs does. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.journal.blob;
