package dev.holdfast.journal.postgres;

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
import java.util.ArrayList;
import java.util.List;

/** Pages of the listing, newest first, by keyset. */
final class Listing {
  /** A live execution's row is written only when its status changes; its journal knows better. */
  private static final String PAGE =
      "SELECT p.ordinal, p.tenant, p.id, p.definition, p.version, p.status, p.session,"
          + " p.attributes, p.priority, p.started_at, p.ended_at, p.error,"
          + " CASE WHEN p.ended_at IS NULL THEN (SELECT at FROM journal j"
          + " WHERE j.execution = p.ordinal ORDER BY from_seq DESC LIMIT 1)"
          + " ELSE p.updated_at END FROM (%s) p ORDER BY p.started_at DESC, p.ordinal DESC";

  private final StringBuilder sql = new StringBuilder("SELECT e.*");
  private final List<Object> values = new ArrayList<>();

  private Listing(ExecutionQuery query) {
    boolean byAttribute = !query.attributes().isEmpty();
    // With attributes, the first one's index leads; its rows are in the same order.
    String startedAt = byAttribute ? "a.started_at" : "e.started_at";
    String ordinal = byAttribute ? "a.execution" : "e.ordinal";
    if (byAttribute) {
      sql.append(" FROM attribute a JOIN execution e ON e.ordinal = a.execution WHERE true");
      attributes(query);
    } else {
      sql.append(" FROM execution e WHERE");
      where(" e.tenant = ?", query.tenant());
    }
    where(" AND e.definition <> ?", Schedule.DEFINITION);
    filters(query);
    if (query.from() != null) {
      where(" AND " + startedAt + " >= ?", Times.nanos(query.from()));
    }
    if (query.to() != null) {
      where(" AND " + startedAt + " < ?", Times.nanos(query.to()));
    }
    PageCursor cursor = PageCursor.parse(query.cursor());
    if (cursor != null) {
      where(
          " AND (" + startedAt + ", " + ordinal + ") < (?, ?)",
          cursor.startedAtNanos(),
          cursor.ordinal());
    }
    where(" ORDER BY " + startedAt + " DESC, " + ordinal + " DESC LIMIT ?", query.limit() + 1);
  }

  private void where(String condition, Object... given) {
    sql.append(condition);
    values.addAll(List.of(given));
  }

  private void attributes(ExecutionQuery query) {
    boolean first = true;
    for (var attribute : query.attributes().entrySet()) {
      where(
          first
              ? " AND a.tenant = ? AND a.key = ? AND a.value = ?"
              : " AND EXISTS (SELECT FROM attribute b WHERE b.tenant = ? AND b.key = ?"
                  + " AND b.value = ? AND b.started_at = a.started_at"
                  + " AND b.execution = a.execution)",
          query.tenant(),
          Texts.indexed(attribute.getKey()),
          Texts.indexed(attribute.getValue()));
      first = false;
    }
  }

  private void filters(ExecutionQuery query) {
    ExecutionStatus status = query.status();
    if (status != null) {
      where(" AND e.status = ?", Codes.EXECUTION_STATUS.code(status));
      if (status != ExecutionStatus.COMPLETED) {
        // Says that the partial index serves.
        sql.append(" AND e.status <> 4");
      }
    }
    if (query.definition() != null) {
      where(" AND e.definition = ?", Texts.plain(query.definition()));
    }
    if (query.session() != null) {
      where(" AND e.session = ?", Texts.indexed(query.session()));
    }
  }

  static ExecutionPage page(Connection connection, ExecutionQuery query) throws SQLException {
    return new Listing(query).read(connection, query.limit());
  }

  private ExecutionPage read(Connection connection, int limit) throws SQLException {
    var items = new ArrayList<ExecutionRow>();
    String nextCursor = null;
    try (PreparedStatement statement = connection.prepareStatement(PAGE.formatted(sql))) {
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        PageCursor last = null;
        while (row.next()) {
          if (items.size() == limit && last != null) {
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

  private static ExecutionRow row(ResultSet row) throws SQLException {
    long endedAt = row.getLong(11);
    boolean ended = !row.wasNull();
    return new ExecutionRow(
        new ExecutionKey(row.getString(2), row.getString(3)),
        row.getString(4),
        row.getInt(5),
        Codes.EXECUTION_STATUS.constant(row.getInt(6)),
        row.getString(7),
        AttributesCodec.read(row.getBytes(8)),
        row.getInt(9),
        Times.instant(row.getLong(10)),
        Times.instant(row.getLong(13)),
        ended ? Times.instant(endedAt) : null,
        row.getString(12));
  }
}
