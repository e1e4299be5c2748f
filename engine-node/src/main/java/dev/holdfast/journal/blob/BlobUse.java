package dev.holdfast.journal.blob;

import dev.holdfast.api.ExecutionKey;
import java.time.Instant;

/**
 * An execution refers to a blob, or is about to.
 *
 * @param execution id within the blob's tenant
 * @param since when it was last said so
 */
public record BlobUse(BlobKey blob, String execution, Instant since) {
  /** The execution. */
  public ExecutionKey by() {
    return new ExecutionKey(blob.tenant(), execution);
  }
}
