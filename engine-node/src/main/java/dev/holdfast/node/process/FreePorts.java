package dev.holdfast.node.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports that nothing listens on at the moment, for processes that have yet to start. They lie below
 * those that systems give to outgoing connections (from 32,768 on with Linux, from 49,152 by RFC
 * 6335): one of those could be taken by another process's connection before it is listened on.
 */
public final class FreePorts {
  private static final int FIRST = 15_000;
  private static final int END = 32_000;
  private static final int TRIES_MAX = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(FreePorts.class);

  private FreePorts() {}

  /**
   * One free port of the address.
   *
   * @throws UncheckedIOException when the address is not this machine's, or none is free
   */
  public static int oneOn(String host) {
    return on(host, 1).getFirst();
  }

  /**
   * So many different ones.
   *
   * @throws UncheckedIOException when the address is not this machine's, or so many are not free
   */
  public static List<Integer> on(String host, int count) {
    var sockets = new ArrayList<ServerSocket>();
    try {
      InetAddress address = InetAddress.getByName(host);
      for (int i = 0; i < count; i++) {
        sockets.add(listen(address));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sockets.forEach(FreePorts::close);
    }
  }

  private static ServerSocket listen(InetAddress address) throws IOException {
    var refused = new BindException("no port is free on " + address);
    for (int i = 0; i < TRIES_MAX; i++) {
      try {
        return new ServerSocket(ThreadLocalRandom.current().nextInt(FIRST, END), 1, address);
      } catch (BindException e) {
        refused = e;
      }
    }
    throw refused;
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("A port's socket does not close", e);
    }
  }
}
