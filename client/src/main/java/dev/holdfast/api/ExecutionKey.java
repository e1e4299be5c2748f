package dev.holdfast.api;

import java.util.regex.Pattern;

/**
 * Names one execution in the whole cluster: its tenant and its id, which is unique within the
 * tenant. The text form {@code tenant/id} is the key of the grid's maps.
 *
 * @param tenant 1 to 63 characters of {@code a-z 0-9 -}, starting with a letter or digit
 * @param id 1 to 128 characters of {@code A-Z a-z 0-9 . _ : -}, starting with a letter or digit
 */
public record ExecutionKey(String tenant, String id) {
  /** The tenant of who does not say one. */
  public static final String DEFAULT_TENANT = "default";

  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  /**
   * @throws IllegalArgumentException when the tenant or the id is not of the form given above
   */
  public ExecutionKey {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException("tenant must match " + TENANT + ", but is: " + tenant);
    }
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("id must match " + ID + ", but is: " + id);
    }
  }

  /**
   * Reads the text form back.
   *
   * @throws IllegalArgumentException when the text is not {@code tenant/id}
   */
  public static ExecutionKey parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not tenant/id: " + text);
    }
    return new ExecutionKey(text.substring(0, slash), text.substring(slash + 1));
  }

  /** The text form, {@code tenant/id}. */
  public String text() {
    return tenant + '/' + id;
  }

  @Override
  public String toString() {
    return text();
  }
}
