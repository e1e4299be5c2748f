package dev.holdfast.grid.definition;

/**
 * Names one version of a definition.
 *
 * @param version from 1
 */
public record DefinitionKey(String tenant, String name, int version) {
  /** {@code tenant/name/version}; neither tenant nor name has a slash. */
  public String text() {
    return tenant + '/' + name + '/' + version;
  }
}
