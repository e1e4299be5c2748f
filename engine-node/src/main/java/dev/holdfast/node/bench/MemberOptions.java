package dev.holdfast.node.bench;

import dev.holdfast.node.bench.cluster.BenchCluster;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which members are measured: the options that all benches of clusters share. */
final class MemberOptions {
  private static final int MEMBERS_MAX = 9;
  private static final List<String> STORES = List.of("sqlite", "postgres", "memory");

  @Option(
      names = "--members",
      paramLabel = "N",
      description = "Members of the cluster, each a process with a data folder of its own.")
  private @Nullable Integer members;

  @Option(
      names = "--store",
      paramLabel = "KIND",
      defaultValue = "sqlite",
      description = "sqlite, postgres or memory (${DEFAULT-VALUE}).")
  private String store = "sqlite";

  @Option(
      names = "--store-url",
      paramLabel = "URL",
      description =
          "The database of --store postgres: jdbc:postgresql://HOST/DATABASE, better an empty one."
              + " User and password as for the server, by HOLDFAST_STORE_USER and"
              + " HOLDFAST_STORE_PASSWORD.")
  private @Nullable String storeUrl;

  /** How many, unless told otherwise. */
  int count(int otherwise) {
    return members == null ? otherwise : members;
  }

  /** The kind of store. */
  String store() {
    return store;
  }

  /** Of PostgreSQL; null: as the environment says. */
  @Nullable String storeUrl() {
    return storeUrl;
  }

  /**
   * @param least members that the bench makes sense with
   * @throws ParameterException for a value out of range
   */
  void check(CommandSpec spec, int least) {
    if (count(least) < least || count(least) > MEMBERS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--members must be " + least + " to " + MEMBERS_MAX);
    }
    if (!STORES.contains(store)) {
      throw new ParameterException(spec.commandLine(), "--store must be one of " + STORES);
    }
    if (store.equals("postgres")
        && storeUrl == null
        && System.getenv(BenchCluster.STORE_URL) == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--store postgres needs a database: --store-url jdbc:postgresql://HOST/DATABASE, and"
              + " HOLDFAST_STORE_USER and HOLDFAST_STORE_PASSWORD where it asks for them");
    }
  }
}
