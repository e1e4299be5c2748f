package dev.holdfast.node.server;

import dev.holdfast.node.config.NodeConfig;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast server}: runs a node until it is told to stop. */
@Command(
    name = "server",
    description = "Runs a node until SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class ServerCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings; default: config/holdfast.yaml beside the launcher.")
  private @Nullable Path file;

  private final Map<String, String> flags = new HashMap<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that everything durable is in (data).")
  void setData(String value) {
    flags.put("data", value);
  }

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "Address to listen on (127.0.0.1).")
  void setBind(String value) {
    flags.put("bind", value);
  }

  @Option(
      names = "--cluster-name",
      paramLabel = "NAME",
      description = "Name of the cluster (holdfast).")
  void setClusterName(String value) {
    flags.put("cluster.name", value);
  }

  @Option(
      names = "--join",
      paramLabel = "HOST:PORT,...",
      description = "Members to form a cluster with, itself may be among them.")
  void setJoin(String value) {
    flags.put("cluster.join", value);
  }

  @Option(
      names = "--cluster-size",
      paramLabel = "N",
      description = "Members expected; quorum is more than half (the addresses in --join; 1).")
  void setClusterSize(String value) {
    flags.put("cluster.size", value);
  }

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port for thin clients and members (5701; 0: any free one).")
  void setPort(String value) {
    flags.put("member.port", value);
  }

  @Option(
      names = "--http-port",
      paramLabel = "N",
      description = "Port of the HTTP API (8080; 0: any free one).")
  void setHttpPort(String value) {
    flags.put("http.port", value);
  }

  @Option(
      names = "--store",
      paramLabel = "KIND",
      description = "sqlite (default), postgres (--store-url), or memory: nothing is kept.")
  void setStore(String value) {
    flags.put("store.kind", value);
  }

  @Option(
      names = "--store-url",
      paramLabel = "URL",
      description =
          "The database of --store postgres: jdbc:postgresql://HOST/DATABASE; the password better"
              + " by HOLDFAST_STORE_PASSWORD or HOLDFAST_STORE_PASSWORD_FILE.")
  void setStoreUrl(String value) {
    flags.put("store.url", value);
  }

  @Option(names = "--json", description = "Says that it is ready in one line of JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    NodeConfig config = NodeConfig.read(flags, System.getenv(), configFile());
    PrintWriter out = spec == null ? new PrintWriter(System.out) : spec.commandLine().getOut();
    if (!isLoopback(config.bind())) {
      System.err.println(
          "warning: listening on "
              + config.bind()
              + " without login: whoever can reach it can run and stop workflows");
    }
    NodeRuntime node = NodeRuntime.start(config);
    boolean ready = Banner.isOpen(node);
    say(out, json ? Banner.json(node) : Banner.text(node));
    if (!ready) {
      node.opened().thenRun(() -> say(out, Banner.opened(json)));
    }
    NodeShutdown.closeOnSignal(node);
    return 0;
  }

  private static void say(PrintWriter out, String text) {
    out.print(text);
    out.flush();
  }

  private @Nullable Path configFile() {
    if (file != null) {
      return file;
    }
    String named = System.getenv("HOLDFAST_CONFIG");
    if (named != null) {
      return Path.of(named);
    }
    String home = System.getProperty("holdfast.home");
    if (home == null) {
      return null;
    }
    Path beside = Path.of(home, "config", "holdfast.yaml");
    return Files.exists(beside) ? beside : null;
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new NodeStartException("bind: no such address: " + address, e);
    }
  }
}
