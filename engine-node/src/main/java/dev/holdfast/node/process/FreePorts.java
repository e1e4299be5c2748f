package dev.holdfast.node.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ports that nothing listens on at the moment, for processes that have yet to start. */
public final class FreePorts {
  private static final Logger LOG = LoggerFactory.getLogger(FreePorts.class);

  private FreePorts() {}

  /**
   * One free port of the address.
   *
   * @throws UncheckedIOException when the address is not this machine's
   */
  public static int oneOn(String host) {
    return on(host, 1).getFirst();
  }

  /**
   * So many different ones.
   *
   * @throws UncheckedIOException when the address is not this machine's
   */
  public static List<Integer> on(String host, int count) {
    var sockets = new ArrayList<ServerSocket>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getByName(host)));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sockets.forEach(FreePorts::close);
    }
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("A port's socket does not close", e);
    }
  }
}
