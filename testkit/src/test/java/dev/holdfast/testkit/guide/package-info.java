/** What the guide's page on testing shows. */
@NullMarked
package dev.holdfast.testkit.guide;

import org.jspecify.annotations.NullMarked;
