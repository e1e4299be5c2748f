package dev.holdfast.node.chaos.cluster;

import dev.holdfast.node.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each member has a loopback address of its own, and a relay in front of its member port, which is
 * what it advertises. A relay tells by the caller's address which member calls. What is cut stands
 * still: bytes under way wait, as they do for TCP on a broken network, and no connection breaks
 * before one of its ends gives it up.
 *
 * <p>All of 127.0.0.0/8 is local on Linux; elsewhere the addresses have to be added first.
 */
public final class LoopbackLinks implements Links {
  private static final Logger LOG = LoggerFactory.getLogger(LoopbackLinks.class);
  private static final int FIRST_HOST = 11;
  private static final int NOBODY = -1;
  private static final int CHUNK_BYTES = 64 << 10;

  /** Two members, the smaller number first. */
  private record Pair(int one, int other) {
    static Pair of(int one, int other) {
      return new Pair(Math.min(one, other), Math.max(one, other));
    }
  }

  private final Map<Integer, ServerSocket> relays = new ConcurrentHashMap<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Pair> cut = new HashSet<>();
  private boolean closed;

  @Override
  public String host(int member) {
    return "127.0.0." + (FIRST_HOST + member);
  }

  @Override
  public int memberPort(int member) {
    return FreePorts.oneOn(host(member));
  }

  @Override
  public int httpPort(int member) {
    return FreePorts.oneOn(host(member));
  }

  @Override
  public String advertised(int member, int port) {
    ServerSocket relay = relays.computeIfAbsent(member, m -> open(m, port));
    return host(member) + ':' + relay.getLocalPort();
  }

  @Override
  public List<String> prefix(int member) {
    return List.of();
  }

  @Override
  public synchronized void cut(int one, int other) {
    cut.add(Pair.of(one, other));
  }

  @Override
  public synchronized void heal() {
    cut.clear();
    notifyAll();
  }

  private synchronized void awaitWhole(int one, int other) throws InterruptedException {
    while (!closed && cut.contains(Pair.of(one, other))) {
      wait();
    }
  }

  private ServerSocket open(int member, int port) {
    try {
      var relay = new ServerSocket();
      relay.bind(new InetSocketAddress(InetAddress.getByName(host(member)), 0));
      threads.submit(() -> accept(relay, member, port));
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(
          host(member) + " is not an address of this machine; on macOS: ifconfig lo0 alias", e);
    }
  }

  private void accept(ServerSocket relay, int member, int port) {
    while (!relay.isClosed()) {
      try {
        Socket caller = relay.accept();
        threads.submit(() -> connect(caller, member, port));
      } catch (IOException e) {
        LOG.debug("The relay of member {} ends: {}", member, e.toString());
      }
    }
  }

  private void connect(Socket caller, int member, int port) {
    int from = memberAt(caller.getInetAddress());
    try {
      sockets.add(caller);
      awaitWhole(from, member);
      var target = new Socket(host(member), port);
      sockets.add(target);
      caller.setTcpNoDelay(true);
      target.setTcpNoDelay(true);
      threads.submit(() -> pump(caller, target, from, member));
      pump(target, caller, from, member);
    } catch (IOException e) {
      LOG.debug("Member {} does not take a connection: {}", member, e.toString());
      close(caller);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int memberAt(InetAddress address) {
    for (int member : relays.keySet()) {
      if (address.getHostAddress().equals(host(member))) {
        return member;
      }
    }
    return NOBODY;
  }

  private void pump(Socket from, Socket to, int one, int other) {
    var chunk = new byte[CHUNK_BYTES];
    try {
      while (true) {
        int length = from.getInputStream().read(chunk);
        awaitWhole(one, other);
        if (length < 0) {
          break;
        }
        to.getOutputStream().write(chunk, 0, length);
      }
    } catch (IOException e) {
      LOG.trace("A connection of members {} and {} ended: {}", one, other, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("A relayed connection does not close", e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    for (ServerSocket relay : relays.values()) {
      try {
        relay.close();
      } catch (IOException e) {
        LOG.debug("A relay does not close", e);
      }
    }
    new ArrayList<>(sockets).forEach(this::close);
    threads.shutdownNow();
    threads.close();
  }
}
