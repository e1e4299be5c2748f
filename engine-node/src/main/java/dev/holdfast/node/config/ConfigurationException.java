package dev.holdfast.node.config;

import java.util.List;

/**
 * The configuration has errors. The message names each with its key, its value and what is taken.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(List<String> errors) {
    super(String.join(System.lineSeparator(), errors));
  }
}
