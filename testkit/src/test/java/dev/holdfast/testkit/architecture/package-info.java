@NullMarked
package dev.holdfast.testkit.architecture;

import org.jspecify.annotations.NullMarked;
