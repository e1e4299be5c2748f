package dev.holdfast.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param nextCursor null on the last page
 */
public record ExecutionPage(List<ExecutionRow> items, @Nullable String nextCursor) {}
