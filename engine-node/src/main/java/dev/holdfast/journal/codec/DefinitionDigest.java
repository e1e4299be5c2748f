package dev.holdfast.journal.codec;

import dev.holdfast.core.cel.JsonText;
import dev.holdfast.core.definition.SourceNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two texts are the same definition. The digest is over the canonical form: JSON
 * without spaces, the fields of each object sorted by name. So YAML or JSON, comments, spacing,
 * quoting and the order of fields make no difference; a value, or the order of a list, does.
 */
public final class DefinitionDigest {
  private DefinitionDigest() {}

  /** SHA-256 in lower-case hex. */
  public static String of(SourceNode root) {
    String canonical = JsonText.of(sorted(SourceNode.toJson(root)));
    return HexFormat.of().formatHex(sha256().digest(canonical.getBytes(StandardCharsets.UTF_8)));
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var fields = new TreeMap<String, @Nullable Object>();
        map.forEach((key, field) -> fields.put((String) key, sorted(field)));
        yield fields;
      }
      case List<?> list -> list.stream().map(DefinitionDigest::sorted).toList();
      case null, default -> value;
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
