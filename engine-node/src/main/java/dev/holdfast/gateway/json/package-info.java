/** JSON in and out: bodies read without data binding, answers and events written by hand. */
@NullMarked
package dev.holdfast.gateway.json;

import org.jspecify.annotations.NullMarked;
