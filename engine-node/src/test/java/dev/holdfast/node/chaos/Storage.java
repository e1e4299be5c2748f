package dev.holdfast.node.chaos;

import dev.holdfast.journal.DataFolder;
import dev.holdfast.journal.postgres.PostgresServer;
import dev.holdfast.journal.postgres.PostgresStateStore;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What the members of a run keep their state in. */
interface Storage extends AutoCloseable {
  InstantSource CLOCK = InstantSource.system();

  /** Arguments of {@code holdfast server}. */
  List<String> arguments();

  /** For the members' environment. */
  Map<String, String> environment();

  /** Reads everything, once no member runs. */
  void read(ProcessCluster cluster, DiskCheck check);

  @Override
  void close();

  /** Each member has a disk of its own. */
  record OwnDisks() implements Storage {
    @Override
    public List<String> arguments() {
      return List.of();
    }

    @Override
    public Map<String, String> environment() {
      return Map.of();
    }

    @Override
    public void read(ProcessCluster cluster, DiskCheck check) {
      for (MemberProcess member : cluster.members()) {
        try (DataFolder folder = DataFolder.open(member.data());
            var store = new SqliteStateStore(folder.database(), CLOCK)) {
          check.read(store);
        }
      }
    }

    @Override
    public void close() {}
  }

  /** One PostgreSQL server for all. */
  record Database(PostgresServer server, String url) implements Storage {
    static Database start() {
      PostgresServer server = PostgresServer.start(false);
      return new Database(server, server.newDatabase());
    }

    @Override
    public List<String> arguments() {
      return List.of("--store", "postgres", "--store-url", url);
    }

    @Override
    public Map<String, String> environment() {
      return Map.of(
          "HOLDFAST_STORE_USER",
          PostgresServer.USER,
          "HOLDFAST_STORE_PASSWORD",
          PostgresServer.PASSWORD);
    }

    @Override
    public void read(ProcessCluster cluster, DiskCheck check) {
      try (var store = new PostgresStateStore(PostgresServer.settings(url), CLOCK)) {
        check.read(store);
      }
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
