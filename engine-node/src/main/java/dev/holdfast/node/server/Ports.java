package dev.holdfast.node.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether ports are free before anything is started, so that the refusal is clear. */
final class Ports {
  private Ports() {}

  /**
   * The port if it is free; a free one for 0.
   *
   * @throws NodeStartException when it is taken, naming the flag that gives another
   */
  static int free(String bind, int port, String flag) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new NodeStartException(
          "can't listen on %s:%d (%s). Free the port, or give another one with %s."
              .formatted(bind, port, e.getMessage(), flag),
          e);
    }
  }
}
