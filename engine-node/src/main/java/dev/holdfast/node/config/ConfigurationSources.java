package dev.holdfast.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where settings' values come from: flag before environment before file before default. Gathers
 * every error, so that they are told at once.
 */
final class ConfigurationSources {
  private final Map<String, String> flags;
  private final Map<String, String> environment;
  private final @Nullable Path file;
  private final Map<String, String> fileValues;
  private final List<String> errors = new ArrayList<>();

  ConfigurationSources(
      Map<String, String> flags, Map<String, String> environment, @Nullable Path file) {
    this.flags = flags;
    this.environment = environment;
    this.file = file;
    this.fileValues = file == null ? Map.of() : ConfigurationFile.read(file);
  }

  /** The file's keys that are none of these are errors. */
  void refuseUnknownKeys(Collection<Setting<?>> known) {
    for (String key : fileValues.keySet()) {
      if (known.stream().noneMatch(setting -> setting.key().equals(key))) {
        errors.add(key + ": no such setting (in " + file + ")");
      }
    }
  }

  /** The setting's value; its default when what is given is wrong, which is kept as an error. */
  <T> T value(Setting<T> setting) {
    String key = setting.key();
    return given(setting, flags.get(key), "--" + key.replace('.', '-'))
        .or(() ->
            given(
                setting,
                environment.get(setting.environmentVariable()),
                setting.environmentVariable()))
        .or(() -> given(setting, fileValues.get(key), "in " + file))
        .orElseGet(() -> setting.parser().parse(setting.defaultText()));
  }

  private <T> Optional<T> given(Setting<T> setting, @Nullable String text, String origin) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(setting.parser().parse(text.strip()));
    } catch (IllegalArgumentException e) {
      errors.add("%s: '%s' (%s) is not %s".formatted(setting.key(), text, origin, setting.range()));
      return Optional.empty();
    }
  }

  /**
   * What must hold between settings; {@code message}, which names them, is an error if it doesn't.
   */
  void require(boolean holds, String message) {
    if (!holds) {
      errors.add(message);
    }
  }

  /**
   * @throws ConfigurationException when there were errors
   */
  void check() {
    if (!errors.isEmpty()) {
      throw new ConfigurationException(errors);
    }
  }
}
