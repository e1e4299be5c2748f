@org.jspecify.annotations.NullMarked
package dev.holdfast.journal.sqlite;
