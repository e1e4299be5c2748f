package dev.holdfast.journal.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Numbers for executions that begin: the database gives out blocks, so that no two members have the
 * same and none is asked for in a commit. Used by the journal's writer alone.
 */
final class Ordinals {
  /** What the sequence is incremented by. */
  private static final int BLOCK = 1000;

  private long next;
  private long end;

  long next(Connection connection) throws SQLException {
    if (next == end) {
      try (PreparedStatement query =
              connection.prepareStatement("SELECT nextval('execution_ordinal')");
          ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("the sequence of ordinals gives none");
        }
        next = row.getLong(1);
        end = next + BLOCK;
      }
    }
    return next++;
  }
}
