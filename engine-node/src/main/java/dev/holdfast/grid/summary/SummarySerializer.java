package dev.holdfast.grid.summary;

import com.hazelcast.nio.serialization.FieldKind;
import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A row in Hazelcast's Compact form: its fields are known by name to SQL, to Management Center and
 * to clients that don't have the class. A field that is added is null in rows of older members.
 */
public final class SummarySerializer implements CompactSerializer<Summary> {
  /** What the form is called on the wire and in the SQL mapping. */
  static final String TYPE_NAME = "execution-summary";

  @Override
  public Summary read(CompactReader in) {
    return new Summary(
        text(in, "tenant"),
        text(in, "id"),
        text(in, "definition"),
        in.readInt32("version"),
        text(in, "status"),
        in.readInt32("tasks"),
        in.readInt32("tasksCompleted"),
        in.readInt32("tasksRunning"),
        ofOlder(in, "tasksAwaitingApproval"),
        in.readInt32("tasksFailed"),
        time(in, "startedAt"),
        time(in, "updatedAt"),
        timeOrNull(in, "endedAt"),
        in.readString("error"));
  }

  @Override
  public void write(CompactWriter out, Summary row) {
    out.writeString("tenant", row.tenant());
    out.writeString("id", row.id());
    out.writeString("definition", row.definition());
    out.writeInt32("version", row.version());
    out.writeString("status", row.status());
    out.writeInt32("tasks", row.tasks());
    out.writeInt32("tasksCompleted", row.tasksCompleted());
    out.writeInt32("tasksRunning", row.tasksRunning());
    out.writeInt32("tasksAwaitingApproval", row.tasksAwaitingApproval());
    out.writeInt32("tasksFailed", row.tasksFailed());
    out.writeTimestampWithTimezone("startedAt", utc(row.startedAt()));
    out.writeTimestampWithTimezone("updatedAt", utc(row.updatedAt()));
    Instant ended = row.endedAt();
    out.writeTimestampWithTimezone("endedAt", ended == null ? null : utc(ended));
    out.writeString("error", row.error());
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  /** A count that rows of older members don't have. */
  private static int ofOlder(CompactReader in, String field) {
    return in.getFieldKind(field) == FieldKind.INT32 ? in.readInt32(field) : 0;
  }

  private static String text(CompactReader in, String field) {
    String text = in.readString(field);
    if (text == null) {
      throw new IllegalStateException("a summary without " + field);
    }
    return text;
  }

  private static Instant time(CompactReader in, String field) {
    Instant time = timeOrNull(in, field);
    if (time == null) {
      throw new IllegalStateException("a summary without " + field);
    }
    return time;
  }

  private static @Nullable Instant timeOrNull(CompactReader in, String field) {
    OffsetDateTime time = in.readTimestampWithTimezone(field);
    return time == null ? null : time.toInstant();
  }

  @Override
  public String getTypeName() {
    return TYPE_NAME;
  }

  @Override
  public Class<Summary> getCompactClass() {
    return Summary.class;
  }
}
