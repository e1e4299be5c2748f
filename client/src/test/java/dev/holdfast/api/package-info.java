@org.jspecify.annotations.NullMarked
package dev.holdfast.api;
