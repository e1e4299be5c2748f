/** What tests assert of an execution, by AssertJ. */
@NullMarked
package dev.holdfast.testkit.assertion;

import org.jspecify.annotations.NullMarked;
