package dev.holdfast.benchmarks;

import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.postgres.PostgresSettings;
import dev.holdfast.journal.postgres.PostgresStateStore;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * What PostgreSQL takes: rows/s into a journal's table by {@code unnest}, the same with the
 * execution's row updated too, by binary {@code COPY}, and by the store (listing and fence
 * included), each in turn in every round. Arguments: URL of a database that may be written to,
 * user, password, and rows (default 50,000).
 */
public final class PostgresAppendSpike {
  private static final int ROW_BYTES = 300;
  private static final int HASH_BYTES = 32;
  private static final double TICKS_PER_SECOND = 100;

  /** Executions that the rows are spread over, as many as are under way at once. */
  private static final int EXECUTIONS = 500;

  /** What a binary COPY begins with: signature, flags, no extension. */
  private static final byte[] COPY_HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private PostgresAppendSpike() {}

  /** Runs all of them. */
  public static void main(String[] args) throws SQLException, IOException {
    var settings = new PostgresSettings(args[0], args[1], args[2]);
    int rows = args.length > 3 ? Integer.parseInt(args[3]) : 50_000;
    try (Connection connection = DriverManager.getConnection(args[0], args[1], args[2])) {
      for (int round = 0; round < 3; round++) {
        for (int batch : new int[] {500, 50, 5}) {
          int count = batch == 5 ? rows / 5 : rows;
          print("unnest", batch, count, unnest(connection, count, batch, false));
          print(
              "unnest, and update of the head",
              batch,
              count,
              unnest(connection, count, batch, true));
          print("COPY, binary", batch, count, copy(connection, count, batch));
          print(
              "store",
              batch,
              count,
              store(connection, settings, round + "-" + batch, count, batch));
        }
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE spike; DROP TABLE spike_head");
      }
    }
  }

  /** CPU is the server's, which says more than the rate where others work too. */
  private record Took(long nanos, double serverCpuSeconds) {
    static Took begin(Connection connection) throws SQLException {
      return new Took(System.nanoTime(), cpuSeconds(connection));
    }

    Took end(Connection connection) throws SQLException {
      long took = System.nanoTime() - nanos;
      return new Took(took, cpuSeconds(connection) - serverCpuSeconds);
    }

    /** Of all of the database's connections, where the server is on this machine. */
    private static double cpuSeconds(Connection connection) throws SQLException {
      long ticks = 0;
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT pid FROM pg_stat_activity WHERE datname = current_database()")) {
        while (row.next()) {
          Path stat = Path.of("/proc", row.getString(1), "stat");
          if (Files.exists(stat)) {
            String[] fields = Files.readString(stat).split(" ");
            ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
          }
        }
        return ticks / TICKS_PER_SECOND;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void print(String what, int batch, int rows, Took took) {
    System.out.printf(
        "%-32s %3d a commit %,10.0f rows/s  %6.2f server CPU s per 100 k%n",
        what, batch, rows * 1e9 / took.nanos(), took.serverCpuSeconds() * 1e5 / rows);
  }

  private static void prepare(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS spike; DROP TABLE IF EXISTS spike_head");
      statement.execute(
          "CREATE TABLE spike (execution bigint NOT NULL, from_seq bigint NOT NULL,"
              + " to_seq bigint NOT NULL, at bigint NOT NULL, hash bytea NOT NULL,"
              + " payload bytea NOT NULL, PRIMARY KEY (execution, from_seq))");
      statement.execute(
          "CREATE TABLE spike_head (execution bigint PRIMARY KEY, seq bigint, hash bytea)"
              + " WITH (fillfactor = 50)");
      statement.execute(
          "INSERT INTO spike_head SELECT i, 0, '' FROM generate_series(0, "
              + (EXECUTIONS - 1)
              + ") i");
    }
  }

  private static Took unnest(Connection connection, int rows, int batch, boolean heads)
      throws SQLException {
    prepare(connection);
    String insert =
        "INSERT INTO spike SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[],"
            + " ?::bigint[], ?::bytea[], ?::bytea[]) AS r (execution, from_seq, to_seq, at, hash)";
    String update =
        "WITH r AS ("
            + insert
            + " RETURNING execution, to_seq, hash), n AS (SELECT DISTINCT ON (execution) * FROM r"
            + " ORDER BY execution, to_seq DESC) UPDATE spike_head h SET seq = n.to_seq,"
            + " hash = n.hash FROM n WHERE h.execution = n.execution AND h.seq < n.to_seq";
    try (PreparedStatement statement = connection.prepareStatement(heads ? update : insert)) {
      Took begun = Took.begin(connection);
      for (int row = 0; row < rows; row += batch) {
        var executions = new Long[batch];
        var seqs = new Long[batch];
        var hashes = new byte[batch][];
        var payloads = new byte[batch][];
        for (int i = 0; i < batch; i++) {
          executions[i] = (long) (row + i) % EXECUTIONS;
          seqs[i] = (long) (row + i) / EXECUTIONS + 1;
          hashes[i] = new byte[HASH_BYTES];
          payloads[i] = new byte[ROW_BYTES];
        }
        statement.setArray(1, connection.createArrayOf("bigint", executions));
        for (int column = 2; column <= 4; column++) {
          statement.setArray(column, connection.createArrayOf("bigint", seqs));
        }
        statement.setArray(5, connection.createArrayOf("bytea", hashes));
        statement.setArray(6, connection.createArrayOf("bytea", payloads));
        statement.execute();
      }
      return begun.end(connection);
    }
  }

  private static Took copy(Connection connection, int rows, int batch)
      throws SQLException, IOException {
    prepare(connection);
    CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
    byte[] hash = new byte[HASH_BYTES];
    byte[] payload = new byte[ROW_BYTES];
    Took begun = Took.begin(connection);
    for (int row = 0; row < rows; row += batch) {
      var bytes = new ByteArrayOutputStream(batch * 420);
      var out = new DataOutputStream(bytes);
      out.write(COPY_HEADER);
      for (int i = 0; i < batch; i++) {
        out.writeShort(6);
        number(out, (row + i) % EXECUTIONS);
        for (int column = 2; column <= 4; column++) {
          number(out, (row + i) / EXECUTIONS + 1);
        }
        field(out, hash);
        field(out, payload);
      }
      out.writeShort(-1);
      byte[] all = bytes.toByteArray();
      var into = copies.copyIn("COPY spike FROM STDIN (FORMAT binary)");
      into.writeToCopy(all, 0, all.length);
      into.endCopy();
    }
    return begun.end(connection);
  }

  private static void number(DataOutputStream out, long value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(value);
  }

  private static void field(DataOutputStream out, byte[] value) throws IOException {
    out.writeInt(value.length);
    out.write(value);
  }

  private static Took store(
      Connection connection, PostgresSettings settings, String prefix, int count, int batch)
      throws SQLException {
    List<JournalEntry> entries = AppendSpike.entries(prefix + "-", count, EXECUTIONS);
    try (var store = new PostgresStateStore(settings, InstantSource.system())) {
      Took begun = Took.begin(connection);
      for (int i = 0; i < count; i += batch) {
        store.append(entries.subList(i, Math.min(count, i + batch)));
      }
      return begun.end(connection);
    }
  }
}
