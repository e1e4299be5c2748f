package dev.holdfast.journal.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a store and its database, and can cut the connection between a question and its
 * answer, so that the one who asked does not know what became of it.
 */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final String host;
  private final int port;
  private final String path;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger cuts = new AtomicInteger();

  CuttingProxy(String url) {
    URI target = URI.create(url.substring("jdbc:".length()));
    this.host = target.getHost();
    this.port = target.getPort();
    this.path = target.getPath();
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** The database as it is reached through this. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + listening.getLocalPort() + path;
  }

  /** Lets so many answers through; the next one is lost, with all connections. Once. */
  void cutAfter(int answers) {
    answersLeft.set(answers);
  }

  /** How often it has cut. */
  int cuts() {
    return cuts.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        var server = new Socket(host, port);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> copy(client, server, false));
        Thread.ofVirtual().start(() -> copy(server, client, true));
      } catch (IOException _) {
        // Closed, or the database is away: whoever called sees it.
        continue;
      }
    }
  }

  private void copy(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (answers && answersLeft.getAndDecrement() == 0) {
          answersLeft.set(Integer.MAX_VALUE);
          cuts.incrementAndGet();
          cut();
          return;
        }
        out.write(buffer, 0, length);
        out.flush();
      }
    } catch (IOException _) {
      // One side is gone, and so goes the other.
      return;
    }
  }

  private void cut() {
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    open.clear();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
