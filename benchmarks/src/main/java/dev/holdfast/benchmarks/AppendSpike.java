package dev.holdfast.benchmarks;

import dev.holdfast.core.Plan;
import dev.holdfast.journal.GroupCommitJournal;
import dev.holdfast.journal.Journal;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.JournalStats;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the disk and SQLite take, and what is left of it: rows/s of plain appends, of the store's
 * commits (listing, histories and checks included), and of the journal with its batches as they
 * come. Arguments: rows (default 100,000) and a folder on the disk to be measured.
 */
public final class AppendSpike {
  private static final int ROW_BYTES = 300;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private AppendSpike() {}

  /** Runs all of them. */
  public static void main(String[] args) throws IOException, SQLException {
    int rows = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    Path parent =
        args.length > 1 ? Path.of(args[1]) : Path.of(System.getProperty("java.io.tmpdir"));
    for (int round = 0; round < 2; round++) {
      for (int batch : new int[] {500, 50, 5}) {
        int count = batch == 5 ? rows / 5 : rows;
        print("plain rows, " + batch + " a commit", count, plain(parent, count, batch));
        print("store entries, " + batch + " a commit", count, store(parent, count, batch));
      }
      for (int outstanding : new int[] {512, 64, 1}) {
        int count = outstanding == 1 ? rows / 20 : rows;
        print(
            "journal entries, " + outstanding + " outstanding",
            count,
            journal(parent, count, outstanding));
      }
    }
  }

  /** CPU is that of the writing thread, which says more than the rate where others work too. */
  private record Took(long nanos, long cpuNanos) {
    static Took begin() {
      return new Took(System.nanoTime(), THREADS.getCurrentThreadCpuTime());
    }

    Took end() {
      return new Took(System.nanoTime() - nanos, THREADS.getCurrentThreadCpuTime() - cpuNanos);
    }
  }

  private static void print(String what, int rows, Took took) {
    System.out.printf(
        "%-40s %,10.0f /s  %6.2f CPU s per 100 k%n",
        what, rows * 1e9 / took.nanos(), took.cpuNanos() / 1e4 / rows);
  }

  private static Took plain(Path parent, int rows, int batch) throws IOException, SQLException {
    Path folder = Files.createTempDirectory(parent, "holdfast-spike");
    byte[] payload = new byte[ROW_BYTES];
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("plain.db") + "?jdbc.get_generated_keys=false");
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("CREATE TABLE journal (lsn INTEGER PRIMARY KEY, payload BLOB NOT NULL)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO journal VALUES (?, ?)")) {
        Took begun = Took.begin();
        for (int row = 1; row <= rows; row++) {
          insert.setLong(1, row);
          insert.setBytes(2, payload);
          insert.executeUpdate();
          if (row % batch == 0) {
            connection.commit();
          }
        }
        connection.commit();
        return begun.end();
      }
    } finally {
      delete(folder);
    }
  }

  /** Entries as a run of executions of three tasks makes them, all in flight at once. */
  static List<JournalEntry> entries(String prefix, int count, int inFlight) {
    Plan plan = Chain.plan(3);
    var entries = new ArrayList<JournalEntry>(count);
    var chains = new Chain[inFlight];
    int started = 0;
    Instant now = Instant.now();
    while (entries.size() < count) {
      for (int i = 0; i < inFlight && entries.size() < count; i++) {
        @Nullable JournalEntry entry = chains[i] == null ? null : chains[i].next(now);
        if (entry == null) {
          chains[i] = new Chain(plan, prefix + started++);
          entry = chains[i].next(now);
        }
        if (entry != null) {
          entries.add(entry);
        }
      }
    }
    return entries;
  }

  private static Took store(Path parent, int count, int batch) throws IOException {
    Path folder = Files.createTempDirectory(parent, "holdfast-spike");
    List<JournalEntry> entries = entries("x", count, 500);
    try (var store = new SqliteStateStore(folder.resolve("store.db"), InstantSource.system())) {
      store.recover(AppendSpike::none, entry -> {});
      Took begun = Took.begin();
      for (int i = 0; i < count; i += batch) {
        store.append(entries.subList(i, Math.min(count, i + batch)));
      }
      return begun.end();
    } finally {
      delete(folder);
    }
  }

  private static Took journal(Path parent, int count, int outstanding) throws IOException {
    Path folder = Files.createTempDirectory(parent, "holdfast-spike");
    List<JournalEntry> entries = entries("x", count, 500);
    try (var store = new SqliteStateStore(folder.resolve("store.db"), InstantSource.system())) {
      store.recover(AppendSpike::none, entry -> {});
      try (var journal =
          new GroupCommitJournal(
              store, batch -> {}, Journal.CopyListener.NONE, InstantSource.system())) {
        var room = new Semaphore(outstanding);
        CompletableFuture<?>[] last = new CompletableFuture<?>[1];
        Took begun = Took.begin();
        for (JournalEntry entry : entries) {
          room.acquireUninterruptibly();
          last[0] = entry.whenDurable().whenComplete((nothing, failure) -> room.release());
          journal.append(entry);
        }
        last[0].join();
        Took took = begun.end();
        JournalStats stats = journal.stats();
        System.out.printf(
            "  %d commits, mean %.2f ms, longest %.1f ms, %.1f entries each%n",
            stats.commits(),
            stats.commitNanos() / 1e6 / stats.commits(),
            stats.commitNanosMax() / 1e6,
            (double) stats.entries() / stats.commits());
        return took;
      }
    } finally {
      delete(folder);
    }
  }

  static dev.holdfast.core.Plan none(String tenant, String definition, int version) {
    throw new IllegalStateException("nothing is recovered here");
  }

  static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
