@NullMarked
package dev.holdfast.testkit.examples;

import org.jspecify.annotations.NullMarked;
