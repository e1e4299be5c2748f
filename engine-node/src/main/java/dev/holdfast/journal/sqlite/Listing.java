package dev.holdfast.journal.sqlite;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.core.Schedule;
import dev.holdfast.journal.ExecutionPage;
import dev.holdfast.journal.ExecutionQuery;
import dev.holdfast.journal.ExecutionRow;
import dev.holdfast.journal.PageCursor;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.codec.AttributesCodec;
import dev.holdfast.journal.codec.Codes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Pages of the listing, newest first, by keyset. */
final class Listing {
  private static final String COLUMNS =
      "e.ordinal, e.tenant, e.id, e.definition, e.version, e.status, e.session, e.attributes,"
          + " e.priority, e.started_at, e.updated_at, e.ended_at, e.error";

  private final LiveIndex lives;

  Listing(LiveIndex lives) {
    this.lives = lives;
  }

  ExecutionPage page(Connection connection, ExecutionQuery query) throws SQLException {
    var sql = new StringBuilder();
    var values = new ArrayList<Object>();
    build(query, sql, values);
    var items = new ArrayList<ExecutionRow>();
    String nextCursor = null;
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        PageCursor last = null;
        while (row.next()) {
          if (items.size() == query.limit() && last != null) {
            nextCursor = last.text();
            break;
          }
          items.add(row(row));
          last = new PageCursor(row.getLong(10), row.getLong(1));
        }
      }
    }
    return new ExecutionPage(List.copyOf(items), nextCursor);
  }

  private static void build(ExecutionQuery query, StringBuilder sql, List<Object> values) {
    // With attributes, the first one's index leads; its rows are in the same order.
    boolean byAttribute = !query.attributes().isEmpty();
    String startedAt = byAttribute ? "a.started_at" : "e.started_at";
    String ordinal = byAttribute ? "a.execution" : "e.ordinal";
    sql.append("SELECT ").append(COLUMNS);
    if (byAttribute) {
      sql.append(" FROM attribute a CROSS JOIN execution e ON e.ordinal = a.execution WHERE 1");
      attributes(query, sql, values);
    } else {
      sql.append(" FROM execution e WHERE e.tenant = ?");
      values.add(query.tenant());
    }
    sql.append(" AND e.definition <> '").append(Schedule.DEFINITION).append('\'');
    filters(query, sql, values);
    if (query.from() != null) {
      sql.append(" AND ").append(startedAt).append(" >= ?");
      values.add(Times.nanos(query.from()));
    }
    if (query.to() != null) {
      sql.append(" AND ").append(startedAt).append(" < ?");
      values.add(Times.nanos(query.to()));
    }
    PageCursor cursor = PageCursor.parse(query.cursor());
    if (cursor != null) {
      sql.append(" AND (").append(startedAt).append(", ").append(ordinal).append(") < (?, ?)");
      values.add(cursor.startedAtNanos());
      values.add(cursor.ordinal());
    }
    sql.append(" ORDER BY ").append(startedAt).append(" DESC, ").append(ordinal);
    sql.append(" DESC LIMIT ?");
    values.add(query.limit() + 1);
  }

  private static void attributes(ExecutionQuery query, StringBuilder sql, List<Object> values) {
    boolean first = true;
    for (var attribute : query.attributes().entrySet()) {
      sql.append(
          first
              ? " AND a.tenant = ? AND a.key = ? AND a.value = ?"
              : " AND EXISTS (SELECT 1 FROM attribute b WHERE b.tenant = ? AND b.key = ?"
                  + " AND b.value = ? AND b.started_at = a.started_at"
                  + " AND b.execution = a.execution)");
      values.add(query.tenant());
      values.add(attribute.getKey());
      values.add(attribute.getValue());
      first = false;
    }
  }

  private static void filters(ExecutionQuery query, StringBuilder sql, List<Object> values) {
    ExecutionStatus status = query.status();
    if (status != null) {
      sql.append(" AND e.status = ?");
      values.add(Codes.EXECUTION_STATUS.code(status));
      if (status != ExecutionStatus.COMPLETED) {
        // Says to SQLite that the partial index serves.
        sql.append(" AND e.status <> 4");
      }
    }
    if (query.definition() != null) {
      sql.append(" AND e.definition = ?");
      values.add(query.definition());
    }
    if (query.session() != null) {
      sql.append(" AND e.session = ?");
      values.add(query.session());
    }
  }

  private ExecutionRow row(ResultSet row) throws SQLException {
    var key = new ExecutionKey(row.getString(2), row.getString(3));
    long endedAt = row.getLong(12);
    boolean ended = !row.wasNull();
    return new ExecutionRow(
        key,
        row.getString(4),
        row.getInt(5),
        Codes.EXECUTION_STATUS.constant(row.getInt(6)),
        row.getString(7),
        AttributesCodec.read(row.getBytes(8)),
        row.getInt(9),
        Times.instant(row.getLong(10)),
        updatedAt(key, ended, row.getLong(11)),
        ended ? Times.instant(endedAt) : null,
        row.getString(13));
  }

  /** A live execution's row is written only when its status changes; memory knows better. */
  private Instant updatedAt(ExecutionKey key, boolean ended, long stored) {
    Live live = ended ? null : lives.find(key);
    return live == null ? Times.instant(stored) : live.state().updatedAt();
  }
}
