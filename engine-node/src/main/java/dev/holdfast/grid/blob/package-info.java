/** Data by reference: taken in, given out, kept on enough disks, removed when nobody needs it. */
@NullMarked
package dev.holdfast.grid.blob;

import org.jspecify.annotations.NullMarked;
