package dev.holdfast.grid.blob;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.MalformedValueException;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.core.Limits;
import dev.holdfast.core.Plan;
import dev.holdfast.core.SchemaCheck;
import dev.holdfast.journal.blob.BlobKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inputs that are kept by reference, and the schema that a definition has for its input. */
public final class LargeInput {
  private LargeInput() {}

  /**
   * What of the input does not fit the definition's schema. One that is a reference as a whole is
   * read for that, as long as it is no larger than a value inline may be by any setting. Blocks.
   */
  public static List<String> violations(
      Blobs blobs, String tenant, Plan plan, @Nullable Object input) {
    SchemaCheck schema = plan.inputSchema();
    BlobRef reference;
    try {
      reference = BlobRef.of(input);
    } catch (IllegalArgumentException e) {
      return List.of("input is no reference: " + e.getMessage());
    }
    if (reference == null || schema == SchemaCheck.NONE) {
      return schema.violations(input);
    }
    var blob = blobs.find(new BlobKey(tenant, reference.sha256()));
    if (blob.isEmpty()) {
      // Said by whoever notes its use.
      return List.of();
    }
    if (blob.get().bytes() > Limits.PAYLOAD_BYTES_MAX) {
      return List.of(
          "the input has %d bytes, and one of more than %d can't be held to the definition's schema:"
                  .formatted(blob.get().bytes(), Limits.PAYLOAD_BYTES_MAX)
              + " upload what is large in it, and give a reference to that in its place");
    }
    try {
      return schema.violations(
          ValueFormat.JSON.read(blobs.open(blob.get().key(), 0, blob.get().bytes())));
    } catch (MalformedValueException e) {
      return List.of("what the input refers to is not JSON: " + e.getMessage());
    }
  }
}
