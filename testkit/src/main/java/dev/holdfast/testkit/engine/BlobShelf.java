package dev.holdfast.testkit.engine;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.JsonValues;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.core.Command;
import dev.holdfast.core.LargeData;
import dev.holdfast.core.Rejection;
import dev.holdfast.core.SchemaCheck;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Data that executions have by reference, in memory, by what it is. Nothing is ever removed. */
public final class BlobShelf {
  /** A value whose JSON has more bytes is kept by reference: a node's default. */
  public static final int INLINE_BYTES_MAX = 64 << 10;

  private record Kept(byte[] content, String mediaType) {}

  private final Map<String, Kept> kept = new HashMap<>();

  /** Keeps the content, which must not be changed afterwards. */
  public BlobRef keep(byte[] content, String mediaType) {
    String sha256 = sha256(content);
    kept.put(sha256, new Kept(content, mediaType));
    return new BlobRef(sha256, content.length, mediaType);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The content.
   *
   * @throws NotFoundException when there is none of that hash
   */
  public InputStream open(BlobRef reference) {
    return new ByteArrayInputStream(found(reference).content());
  }

  private Kept found(BlobRef reference) {
    Kept found = kept.get(reference.sha256());
    if (found == null) {
      throw new NotFoundException("blob-not-found", "no blob " + reference.sha256());
    }
    return found;
  }

  /** The value, or a reference to it where it is larger than values inline may be. */
  public @Nullable Object inlined(@Nullable Object value) {
    return value == null || JsonValues.sizeBytes(value) <= INLINE_BYTES_MAX
        ? value
        : keep(ValueFormat.JSON.write(value), BlobRef.JSON).toValue();
  }

  /** The value with the JSON that it refers to in its place; what is no JSON stays a reference. */
  public @Nullable Object resolved(@Nullable Object value) {
    return BlobRef.resolved(value, this::value);
  }

  private @Nullable Object value(BlobRef reference) {
    Kept found = found(reference);
    String type = reference.mediaType() == null ? found.mediaType() : reference.mediaType();
    return type.startsWith(BlobRef.JSON)
        ? ValueFormat.JSON.read(new ByteArrayInputStream(found.content()))
        : new BlobRef(reference.sha256(), found.content().length, type).toValue();
  }

  /**
   * What of an input does not fit the schema. One that is a reference as a whole is held to it by
   * what it stands for.
   */
  public List<String> violations(SchemaCheck schema, @Nullable Object input) {
    if (!BlobRef.isReference(input)) {
      return schema.violations(input);
    }
    try {
      BlobRef reference = BlobRef.of(input);
      // What is not here is refused by the start itself.
      return reference != null && kept.containsKey(reference.sha256())
          ? schema.violations(resolved(input))
          : List.of();
    } catch (IllegalArgumentException e) {
      return List.of("input is no reference: " + e.getMessage());
    }
  }

  /** Why the command is not taken: it refers to what is not here; null: it may be. */
  @Nullable Rejection refusal(Command command) {
    for (LargeData.Reference one : LargeData.of(command)) {
      String why;
      try {
        String sha256 = one.parsed().sha256();
        if (kept.containsKey(sha256)) {
          continue;
        }
        why = "%s refers to sha256:%s, which is no blob; upload it first";
        why = why.formatted(one.path(), sha256);
      } catch (IllegalArgumentException e) {
        why = one.path() + " is no reference: " + e.getMessage();
      }
      return new Rejection(Rejection.Code.UNKNOWN_REFERENCE, why);
    }
    return null;
  }
}
