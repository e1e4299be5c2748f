package dev.holdfast.client;

import java.time.Duration;
import java.util.List;

/**
 * How a client connects; checked.
 *
 * @param addresses {@code host:port} of members, one of which must answer
 * @param actor named in the events that this client causes
 * @param connectTimeout for the first connection
 * @param commandTimeout how long a command is retried while the cluster does not take it
 */
record ClientSettings(
    List<String> addresses,
    String clusterName,
    String tenant,
    String actor,
    Duration connectTimeout,
    Duration commandTimeout) {
  ClientSettings {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("at least one member's address is needed");
    }
    checkPositive("connectTimeout", connectTimeout);
    checkPositive("commandTimeout", commandTimeout);
  }

  private static void checkPositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be above zero, but is: " + value);
    }
  }
}
