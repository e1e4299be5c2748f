package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.journal.codec.Codes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far the database has an execution.
 *
 * @param seq of the last event
 * @param hash of the last event
 */
record DurableHead(long ordinal, ExecutionStatus status, long seq, byte[] hash) {
  /** Executions asked for at once. */
  private static final int SLICE = 1000;

  private static final String HEADS =
      "SELECT e.tenant, e.id, e.ordinal, e.status, j.to_seq, j.hash"
          + " FROM unnest(?::text[], ?::text[]) AS k (tenant, id)"
          + " JOIN execution e ON e.tenant = k.tenant AND e.id = k.id"
          + " CROSS JOIN LATERAL (SELECT to_seq, hash FROM journal WHERE execution = e.ordinal"
          + " ORDER BY from_seq DESC LIMIT 1) j";

  private static final String ROWS =
      "SELECT j.execution, j.to_seq, j.hash FROM unnest(?::bigint[], ?::bigint[]) AS k (o, first)"
          + " JOIN journal j ON j.execution = k.o AND j.from_seq >= k.first";

  /** The heads of those of them that the database has. */
  static Map<ExecutionKey, DurableHead> read(Connection connection, Collection<ExecutionKey> keys)
      throws SQLException {
    var heads = HashMap.<ExecutionKey, DurableHead>newHashMap(keys.size());
    List<ExecutionKey> all = List.copyOf(keys);
    try (PreparedStatement query = connection.prepareStatement(HEADS)) {
      for (int from = 0; from < all.size(); from += SLICE) {
        List<ExecutionKey> slice = all.subList(from, Math.min(all.size(), from + SLICE));
        query.setArray(1, texts(connection, slice.stream().map(ExecutionKey::tenant).toArray()));
        query.setArray(2, texts(connection, slice.stream().map(ExecutionKey::id).toArray()));
        try (ResultSet row = query.executeQuery()) {
          while (row.next()) {
            heads.put(
                new ExecutionKey(row.getString(1), row.getString(2)),
                new DurableHead(
                    row.getLong(3),
                    Codes.EXECUTION_STATUS.constant(row.getInt(4)),
                    row.getLong(5),
                    row.getBytes(6)));
          }
        }
      }
    }
    return heads;
  }

  private static Array texts(Connection connection, Object[] texts) throws SQLException {
    return connection.createArrayOf("text", texts);
  }

  /**
   * A place in an execution's chain.
   *
   * @param seq of a journal row's last event
   */
  record Place(long ordinal, long seq) {}

  /**
   * The hashes after each journal row from these positions on.
   *
   * @param firsts the first seq that is wanted, by the execution's ordinal
   */
  static Map<Place, byte[]> chain(Connection connection, Map<Long, Long> firsts)
      throws SQLException {
    var hashes = new HashMap<Place, byte[]>();
    var ordinals = new ArrayList<Long>(firsts.size());
    var seqs = new ArrayList<Long>(firsts.size());
    firsts.forEach((ordinal, first) -> {
      ordinals.add(ordinal);
      seqs.add(first);
    });
    try (PreparedStatement query = connection.prepareStatement(ROWS)) {
      query.setArray(1, connection.createArrayOf("bigint", ordinals.toArray()));
      query.setArray(2, connection.createArrayOf("bigint", seqs.toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          hashes.put(new Place(row.getLong(1), row.getLong(2)), row.getBytes(3));
        }
      }
    }
    return hashes;
  }
}
