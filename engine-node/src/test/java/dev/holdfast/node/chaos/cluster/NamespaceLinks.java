package dev.holdfast.node.chaos.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each member is in a network namespace of its own, all of them joined by a bridge on which clients
 * are too. What is cut has no route: packets vanish in the kernel. Needs root on Linux with
 * iproute2.
 */
public final class NamespaceLinks implements Links {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceLinks.class);
  private static final int FIRST_HOST = 11;
  private static final int MEMBER_PORT = 5701;

  /** From one member to another. */
  private record Way(int from, int to) {}

  private final String name = "hf" + ThreadLocalRandom.current().nextInt(100_000);
  private final String subnet =
      "10.%d.%d."
          .formatted(
              ThreadLocalRandom.current().nextInt(100, 250),
              ThreadLocalRandom.current().nextInt(250));
  private final List<String> namespaces = new ArrayList<>();
  private final Set<Way> cut = new HashSet<>();

  /**
   * @param members how many there will be
   * @throws IllegalStateException when this machine does not allow it, with what it said
   */
  public NamespaceLinks(int members) {
    try {
      ip("link", "add", name, "type", "bridge");
      ip("addr", "add", subnet + "1/24", "dev", name);
      ip("link", "set", name, "up");
      for (int member = 0; member < members; member++) {
        add(member);
      }
    } catch (IllegalStateException e) {
      close();
      throw e;
    }
  }

  private void add(int member) {
    String namespace = name + '-' + member;
    ip("netns", "add", namespace);
    namespaces.add(namespace);
    String outside = name + 'v' + member;
    ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace);
    ip("link", "set", outside, "master", name, "up");
    ip("-n", namespace, "addr", "add", host(member) + "/24", "dev", "eth0");
    ip("-n", namespace, "link", "set", "eth0", "up");
    ip("-n", namespace, "link", "set", "lo", "up");
  }

  @Override
  public String host(int member) {
    return subnet + (FIRST_HOST + member);
  }

  @Override
  public int memberPort(int member) {
    return MEMBER_PORT;
  }

  @Override
  public int httpPort(int member) {
    return MEMBER_PORT + 1;
  }

  @Override
  public String advertised(int member, int port) {
    return host(member) + ':' + port;
  }

  @Override
  public List<String> prefix(int member) {
    return List.of("ip", "netns", "exec", namespaces.get(member));
  }

  @Override
  public synchronized void cut(int one, int other) {
    for (Way way : List.of(new Way(one, other), new Way(other, one))) {
      if (cut.add(way)) {
        route("add", way);
      }
    }
  }

  @Override
  public synchronized void heal() {
    cut.forEach(way -> route("del", way));
    cut.clear();
  }

  private void route(String change, Way way) {
    ip("-n", namespaces.get(way.from), "route", change, "blackhole", host(way.to) + "/32");
  }

  private static void ip(String... arguments) {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said.strip());
      }
    } catch (IOException e) {
      throw new IllegalStateException("there is no iproute2 here", new UncheckedIOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    for (String namespace : namespaces) {
      remove("netns", "del", namespace);
    }
    remove("link", "del", name);
  }

  private static void remove(String... arguments) {
    try {
      ip(arguments);
    } catch (IllegalStateException e) {
      LOG.warn("Something is left of the network: {}", e.getMessage());
    }
  }
}
