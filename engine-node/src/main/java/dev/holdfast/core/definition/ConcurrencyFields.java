package dev.holdfast.core.definition;

import dev.holdfast.core.ConcurrencyKey;
import dev.holdfast.core.Limits;
import dev.holdfast.core.OnLimit;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads {@code concurrencyKey}: the key alone, or an object with what goes with it. */
final class ConcurrencyFields {
  private static final String FIELD = "concurrencyKey";
  private static final Set<String> KNOWN = Set.of("key", "limit", "onLimit");
  private static final Map<String, OnLimit> ON_LIMIT = words();

  private ConcurrencyFields() {}

  private static Map<String, OnLimit> words() {
    var words = new TreeMap<String, OnLimit>();
    for (OnLimit one : OnLimit.values()) {
      words.put(one.text(), one);
    }
    return words;
  }

  /**
   * What the definition has; null: nothing.
   *
   * @param templates for what is evaluated before anything else
   */
  static @Nullable ConcurrencyKey read(
      FieldSet root, TemplateCompiler templates, Problems problems) {
    SourceNode value = root.value(FIELD);
    if (value == null) {
      return null;
    }
    if (value instanceof SourceNode.Scalar scalar) {
      return scalar.value() instanceof String text && !text.isBlank()
          ? new ConcurrencyKey(templates.template(scalar, FIELD), 1, OnLimit.QUEUE)
          : refused(root);
    }
    if (!(value instanceof SourceNode.Mapping)) {
      return refused(root);
    }
    FieldSet fields = FieldSet.nested(root, FIELD, KNOWN, problems);
    if (fields == null) {
      return null;
    }
    Integer limit = fields.integer("limit", 1, Limits.SLOTS_MAX);
    OnLimit onLimit = fields.word("onLimit", ON_LIMIT);
    if (!fields.has("key")) {
      fields.problemHere("'concurrencyKey' needs a 'key'");
      return null;
    }
    SourceNode key = fields.node("key", SourceNode.Scalar.class, "text, mostly one ${…}");
    return key == null
        ? null
        : new ConcurrencyKey(
            templates.template(key, fields.pathOf("key")),
            limit == null ? 1 : limit,
            onLimit == null ? OnLimit.QUEUE : onLimit);
  }

  private static @Nullable ConcurrencyKey refused(FieldSet root) {
    root.problem(FIELD, "'concurrencyKey' must be text, mostly one ${…}, or an object with 'key'");
    return null;
  }
}
