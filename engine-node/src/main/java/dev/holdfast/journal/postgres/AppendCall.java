package dev.holdfast.journal.postgres;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ExecutionHeader;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.Times;
import dev.holdfast.journal.codec.AttributesCodec;
import dev.holdfast.journal.codec.Codes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One commit: a call of {@code append_entries} with an array a column. In auto-commit mode it is
 * one round trip, and nothing stays locked when the connection is lost in the middle.
 */
final class AppendCall {
  /** The statement: the same whatever is written. */
  static final String SQL = new AppendCall().sql();

  /** The columns, in the order of the function's parameters. */
  private final List<Column> columns = new ArrayList<>();

  private final Column startOrdinal = column("bigint");
  private final Column startTenant = column("text");
  private final Column startId = column("text");
  private final Column startDefinition = column("text");
  private final Column startVersion = column("integer");
  private final Column startStatus = column("integer");
  private final Column startSession = column("text");
  private final Column startAttributes = column("bytea");
  private final Column startPriority = column("integer");
  private final Column startAt = column("bigint");
  private final Column startUpdatedAt = column("bigint");
  private final Column startEndedAt = column("bigint");
  private final Column startError = column("text");
  private final Column attributeExecution = column("bigint");
  private final Column attributeTenant = column("text");
  private final Column attributeKey = column("text");
  private final Column attributeValue = column("text");
  private final Column attributeAt = column("bigint");
  private final Column changeOrdinal = column("bigint");
  private final Column changeStatus = column("integer");
  private final Column changeUpdatedAt = column("bigint");
  private final Column changeEndedAt = column("bigint");
  private final Column changeError = column("text");
  private final Column settled = column("bigint");
  private final Column rowExecution = column("bigint");
  private final Column rowFromSeq = column("bigint");
  private final Column rowToSeq = column("bigint");
  private final Column rowAt = column("bigint");
  private final Column rowHash = column("bytea");
  private final Column rowPayload = column("bytea");

  private record Column(String type, List<@Nullable Object> values) {
    void add(@Nullable Object value) {
      values.add(value);
    }

    Object[] toArray() {
      return switch (type) {
        case "bigint" -> values.toArray(new Long[0]);
        case "integer" -> values.toArray(new Integer[0]);
        case "text" -> values.toArray(new String[0]);
        default -> values.toArray(new byte[0][]);
      };
    }
  }

  private Column column(String type) {
    var column = new Column(type, new ArrayList<>());
    columns.add(column);
    return column;
  }

  /** Adds what is to be written of an execution. */
  void add(Touched one) {
    if (one.statusBefore == null) {
      start(one.ordinal, one.after());
    } else if (one.changesStatus()) {
      change(one.ordinal, one.after());
    }
    for (JournalEntry.Content content : one.contents) {
      rowExecution.add(one.ordinal);
      rowFromSeq.add(content.fromSeq());
      rowToSeq.add(content.after().seq());
      rowAt.add(Times.nanos(content.at()));
      rowHash.add(content.hash());
      rowPayload.add(content.payload());
    }
  }

  /** The execution has ended: its snapshot is not needed any more. */
  void settle(long ordinal) {
    settled.add(ordinal);
  }

  private void start(long ordinal, ExecutionState state) {
    ExecutionHeader header = state.header();
    ExecutionKey key = header.key();
    startOrdinal.add(ordinal);
    startTenant.add(key.tenant());
    startId.add(key.id());
    startDefinition.add(header.plan().name());
    startVersion.add(header.plan().version());
    startStatus.add(Codes.EXECUTION_STATUS.code(state.status()));
    startSession.add(Texts.indexedOrNull(header.session()));
    startAttributes.add(AttributesCodec.write(header.attributes()));
    startPriority.add(header.priority());
    startAt.add(Times.nanos(header.startedAt()));
    startUpdatedAt.add(Times.nanos(state.updatedAt()));
    startEndedAt.add(Times.nanosOrNull(state.endedAt()));
    startError.add(error(state));
    header.attributes().entrySet().stream()
        .map(one -> List.of(Texts.indexed(one.getKey()), Texts.indexed(one.getValue())))
        .distinct()
        .forEach(one -> {
          attributeExecution.add(ordinal);
          attributeTenant.add(key.tenant());
          attributeKey.add(one.getFirst());
          attributeValue.add(one.getLast());
          attributeAt.add(Times.nanos(header.startedAt()));
        });
  }

  private void change(long ordinal, ExecutionState state) {
    changeOrdinal.add(ordinal);
    changeStatus.add(Codes.EXECUTION_STATUS.code(state.status()));
    changeUpdatedAt.add(Times.nanos(state.updatedAt()));
    changeEndedAt.add(Times.nanosOrNull(state.endedAt()));
    changeError.add(error(state));
  }

  private static @Nullable String error(ExecutionState state) {
    return state.endedAt() == null || state.error() == null
        ? null
        : Texts.error(state.error().type() + ": " + state.error().message());
  }

  private String sql() {
    return columns.stream()
        .map(column -> "?::" + column.type() + "[]")
        .collect(Collectors.joining(", ", "SELECT append_entries(", ")"));
  }

  /** Commits. */
  void run(Connection connection, PreparedStatement call) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      call.setArray(i + 1, connection.createArrayOf(column.type(), column.toArray()));
    }
    call.execute();
  }
}
