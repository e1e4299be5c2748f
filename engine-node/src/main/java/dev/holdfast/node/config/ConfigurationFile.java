package dev.holdfast.node.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a YAML file into dotted keys and their values' text. */
final class ConfigurationFile {
  private static final YAMLMapper YAML = new YAMLMapper();

  /** Settings whose value is a mapping itself. */
  private static final Set<String> MAPPINGS =
      Set.of("dispatch.rateLimits", "dispatch.tenantWeights");

  private ConfigurationFile() {}

  /**
   * @throws ConfigurationException when the file can't be read as a YAML mapping
   */
  static Map<String, String> read(Path file) {
    if (!Files.isReadable(file)) {
      throw new ConfigurationException(List.of("config: can't read the file " + file));
    }
    Object content;
    try {
      content = YAML.readValue(file.toFile(), Object.class);
    } catch (JacksonException e) {
      throw new ConfigurationException(List.of(file + ": " + e.getOriginalMessage()));
    }
    var values = new LinkedHashMap<String, String>();
    switch (content) {
      case null -> {}
      case Map<?, ?> map -> flatten("", map, values);
      default -> throw new ConfigurationException(List.of(file + ": must hold keys and values"));
    }
    return values;
  }

  private static void flatten(String prefix, Map<?, ?> map, Map<String, String> values) {
    map.forEach((key, value) -> {
      switch (value) {
        case null -> {}
        case Map<?, ?> inner when MAPPINGS.contains(prefix + key) ->
            values.put(prefix + key, Mapping.line(inner));
        case Map<?, ?> inner -> flatten(prefix + key + ".", inner, values);
        default -> values.put(prefix + key, value.toString());
      }
    });
  }
}
