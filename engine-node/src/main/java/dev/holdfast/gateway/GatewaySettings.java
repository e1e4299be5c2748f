package dev.holdfast.gateway;

import java.time.Duration;

/**
 * Where and how the HTTP gateway listens.
 *
 * @param bind address to listen on
 * @param port 0 to 65535; 0: any free one
 * @param connectionsMax connections that are open at once, at most; more have to wait
 * @param streamsMax event streams that are open at once, at most
 */
public record GatewaySettings(String bind, int port, int connectionsMax, int streamsMax) {
  /** Where a node listens that was not told otherwise. */
  public static final GatewaySettings DEFAULT = new GatewaySettings("127.0.0.1", 8080, 10_000, 500);

  /** A call that waits for something is answered after that long. */
  public static final Duration WAIT_MAX = Duration.ofSeconds(60);

  /**
   * @throws IllegalArgumentException when a value is out of its range; names it
   */
  public GatewaySettings {
    if (bind.isBlank()) {
      throw new IllegalArgumentException("http.bind must name an address");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("http.port must be 0 to 65535, but is " + port);
    }
    if (connectionsMax < 1) {
      throw new IllegalArgumentException(
          "http.connectionsMax must be at least 1, but is " + connectionsMax);
    }
    if (streamsMax < 0) {
      throw new IllegalArgumentException(
          "http.streamsMax must not be negative, but is " + streamsMax);
    }
  }

  /** The defaults with this address and port. */
  public static GatewaySettings on(String bind, int port) {
    return new GatewaySettings(bind, port, DEFAULT.connectionsMax, DEFAULT.streamsMax);
  }
}
