package dev.holdfast.journal.postgres;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is, and who we are there.
 *
 * @param url {@code jdbc:postgresql://host/database}; parameters in it win over what the store sets
 *     itself, time-outs included
 * @param user null: as the URL says, or the operating system's
 * @param password null: as the URL says, or none
 * @param startWait how long a start waits for a database that can't be reached
 */
public record PostgresSettings(
    String url, @Nullable String user, @Nullable String password, Duration startWait) {
  /** What every URL begins with. */
  public static final String PREFIX = "jdbc:postgresql:";

  /** How long a start waits unless told otherwise. */
  public static final Duration START_WAIT = Duration.ofSeconds(30);

  /**
   * @throws IllegalArgumentException when the URL is none of PostgreSQL's
   */
  public PostgresSettings {
    if (!url.startsWith(PREFIX)) {
      throw new IllegalArgumentException("the URL must begin with " + PREFIX);
    }
  }

  /** With the default wait. */
  public PostgresSettings(String url, @Nullable String user, @Nullable String password) {
    this(url, user, password, START_WAIT);
  }

  /** The URL without its parameters and login, which may hold a password. */
  public String place() {
    String plain = url.split("\\?", 2)[0];
    int login = plain.lastIndexOf('@');
    return login < 0 ? plain : PREFIX + "//" + plain.substring(login + 1);
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return place() + (user == null ? "" : " as " + user);
  }
}
