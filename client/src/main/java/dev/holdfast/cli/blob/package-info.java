/** Sub-commands about data by reference. */
@NullMarked
package dev.holdfast.cli.blob;

import org.jspecify.annotations.NullMarked;
