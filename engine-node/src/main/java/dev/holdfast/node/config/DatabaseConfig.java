package dev.holdfast.node.config;

import dev.holdfast.journal.postgres.PostgresSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is that {@code store.kind: postgres} keeps everything in.
 *
 * @param url {@code jdbc:postgresql://host/database}; empty: none
 * @param user empty: as the URL says
 * @param password empty: as the URL or the file says
 * @param passwordFile file with the password, as Kubernetes mounts a secret; empty: none
 */
public record DatabaseConfig(String url, String user, String password, String passwordFile) {

  void check(boolean needed, ConfigurationSources sources) {
    sources.require(
        !needed || url.startsWith(PostgresSettings.PREFIX),
        "store.url: must be given with store.kind: postgres, such as"
            + " jdbc:postgresql://localhost/holdfast");
    sources.require(
        password.isEmpty() || passwordFile.isEmpty(),
        "store.passwordFile: must be empty where store.password is given");
  }

  /**
   * What the store is opened with.
   *
   * @throws ConfigurationException when the password's file can't be read
   */
  public PostgresSettings settings() {
    return new PostgresSettings(url, orNull(user), orNull(readPassword()));
  }

  private String readPassword() {
    if (passwordFile.isEmpty()) {
      return password;
    }
    try {
      return Files.readString(Path.of(passwordFile)).strip();
    } catch (IOException e) {
      throw new ConfigurationException(List.of("store.passwordFile: can't be read: " + e));
    }
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Never shows the password, which the URL may have too. */
  @Override
  public String toString() {
    return url.startsWith(PostgresSettings.PREFIX)
        ? new PostgresSettings(url, orNull(user), null).toString()
        : "none";
  }
}
