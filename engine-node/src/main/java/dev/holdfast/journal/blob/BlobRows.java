package dev.holdfast.journal.blob;

import dev.holdfast.journal.Times;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of blobs and of their uses, as far as all databases have them alike: tables {@code blob}
 * and {@code blob_use}, times in nanoseconds since 1970. Where content is, each store says for
 * itself. Every method works on the connection that it is given, within the transaction that this
 * is in. Thread-safe.
 */
public final class BlobRows {
  private static final String OF_BLOB = " WHERE tenant = ? AND sha256 = ?";
  private static final String BLOB =
      "SELECT tenant, sha256, bytes, media_type, touched_at FROM blob";
  private static final String USE = "SELECT tenant, sha256, execution, since FROM blob_use";

  /** Condition on a row of {@code blob}: nobody uses it, and it was last touched before then. */
  public static final String UNUSED =
      "touched_at < ? AND NOT EXISTS (SELECT 1 FROM blob_use u"
          + " WHERE u.tenant = blob.tenant AND u.sha256 = blob.sha256)";

  private final String touch;
  private final String use;

  /**
   * @param later the database's function for the later of two times
   */
  public BlobRows(String later) {
    this.touch = "UPDATE blob SET touched_at = " + later + "(touched_at, ?)" + OF_BLOB;
    this.use =
        "INSERT INTO blob_use (tenant, sha256, execution, since) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (tenant, sha256, execution)"
            + " DO UPDATE SET since = "
            + later
            + "(blob_use.since, excluded.since)";
  }

  /** Binds the key's two parts. */
  public static void bind(PreparedStatement statement, int at, BlobKey key) throws SQLException {
    statement.setString(at, key.tenant());
    statement.setString(at + 1, key.sha256());
  }

  private static void bind(PreparedStatement statement, BlobUse use) throws SQLException {
    bind(statement, 1, use.blob());
    statement.setString(3, use.execution());
    statement.setLong(4, Times.nanos(use.since()));
  }

  /** The blob; empty: there is no row of it. */
  public static Optional<StoredBlob> find(Connection connection, BlobKey key) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(BLOB + OF_BLOB)) {
      bind(query, 1, key);
      return blobs(query).stream().findFirst();
    }
  }

  /** A page of all blobs, by key. */
  public static List<StoredBlob> list(Connection connection, @Nullable BlobKey after, int limit)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            BLOB + " WHERE (tenant, sha256) > (?, ?) ORDER BY tenant, sha256 LIMIT ?")) {
      query.setString(1, after == null ? "" : after.tenant());
      query.setString(2, after == null ? "" : after.sha256());
      query.setInt(3, limit);
      return blobs(query);
    }
  }

  /** Some of the blobs that nobody uses and that were last touched before then. */
  public static List<StoredBlob> unused(Connection connection, Instant touchedBefore, int limit)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(BLOB + " WHERE " + UNUSED + " LIMIT ?")) {
      query.setLong(1, Times.nanos(touchedBefore));
      query.setInt(2, limit);
      return blobs(query);
    }
  }

  private static List<StoredBlob> blobs(PreparedStatement query) throws SQLException {
    var blobs = new ArrayList<StoredBlob>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        blobs.add(
            new StoredBlob(
                new BlobKey(row.getString(1), row.getString(2)),
                row.getLong(3),
                row.getString(4),
                Times.instant(row.getLong(5))));
      }
    }
    return blobs;
  }

  /** Notes that the blob was uploaded or begun to be used again; false: there is no row of it. */
  public boolean touch(Connection connection, BlobKey key, Instant at) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(touch)) {
      return touch(statement, key, at);
    }
  }

  private static boolean touch(PreparedStatement statement, BlobKey key, Instant at)
      throws SQLException {
    statement.setLong(1, Times.nanos(at));
    bind(statement, 2, key);
    return statement.executeUpdate() > 0;
  }

  /**
   * Notes uses and touches their blobs, in the order given.
   *
   * @return the blobs that there are no rows of; of these nothing is noted
   */
  public Set<BlobKey> use(Connection connection, Collection<BlobUse> uses) throws SQLException {
    var missing = new TreeSet<BlobKey>();
    try (PreparedStatement touching = connection.prepareStatement(touch);
        PreparedStatement insert = connection.prepareStatement(use)) {
      for (BlobUse one : uses) {
        if (!touch(touching, one.blob(), one.since())) {
          missing.add(one.blob());
        } else {
          bind(insert, one);
          insert.executeUpdate();
        }
      }
    }
    return missing;
  }

  /** A page of all uses, by blob and execution. */
  public static List<BlobUse> uses(Connection connection, @Nullable BlobUse after, int limit)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            USE
                + " WHERE (tenant, sha256, execution) > (?, ?, ?)"
                + " ORDER BY tenant, sha256, execution LIMIT ?")) {
      query.setString(1, after == null ? "" : after.blob().tenant());
      query.setString(2, after == null ? "" : after.blob().sha256());
      query.setString(3, after == null ? "" : after.execution());
      query.setInt(4, limit);
      return uses(query);
    }
  }

  /** The uses of one blob. */
  public static List<BlobUse> usesOf(Connection connection, BlobKey key) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(USE + OF_BLOB + " ORDER BY execution")) {
      bind(query, 1, key);
      return uses(query);
    }
  }

  private static List<BlobUse> uses(PreparedStatement query) throws SQLException {
    var uses = new ArrayList<BlobUse>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        uses.add(
            new BlobUse(
                new BlobKey(row.getString(1), row.getString(2)),
                row.getString(3),
                Times.instant(row.getLong(4))));
      }
    }
    return uses;
  }

  /** Removes uses, but for those that have been said again since. */
  public static void release(Connection connection, Collection<BlobUse> uses) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM blob_use" + OF_BLOB + " AND execution = ? AND since = ?")) {
      for (BlobUse use : uses) {
        bind(delete, use);
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  /** Removes all uses of a blob. */
  public static void removeUses(Connection connection, BlobKey key) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM blob_use" + OF_BLOB)) {
      bind(delete, 1, key);
      delete.executeUpdate();
    }
  }

  /** How many blobs there are, and how large they are in all. */
  public static BlobStore.Totals totals(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT count(*), coalesce(sum(bytes), 0) FROM blob");
        ResultSet row = query.executeQuery()) {
      row.next();
      return new BlobStore.Totals(row.getLong(1), row.getLong(2));
    }
  }
}
