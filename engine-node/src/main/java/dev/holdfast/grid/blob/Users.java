package dev.holdfast.grid.blob;

import dev.holdfast.api.ExecutionKey;
import java.util.Collection;
import java.util.Set;

/** Tells which executions are still kept. */
@FunctionalInterface
public interface Users {
  /**
   * Those of them that are surely kept no longer: they were purged, or never begun. Blocks.
   *
   * @throws RuntimeException when nobody can say at the moment
   */
  Set<ExecutionKey> gone(Collection<ExecutionKey> executions);
}
