package dev.holdfast.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.api.DefinitionProblem;
import dev.holdfast.api.ExecutionFilter;
import dev.holdfast.api.ExecutionResult;
import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.ResumeReason;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.api.ScheduleStatus;
import dev.holdfast.api.SpawnedTask;
import dev.holdfast.api.TaskError;
import dev.holdfast.api.TaskToken;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CodecTest {
  private static final TaskToken TOKEN = new TaskToken("e-1", "t", 3, -42L);
  private static final TaskError ERROR = new TaskError("bad-input", "no", Map.of("line", 7L));

  private static final ScheduleSpec SCHEDULE =
      ScheduleSpec.of("0 7 * * *", "report")
          .input(value())
          .attributes(Map.of("k", "v"))
          .timeout(Duration.ofMillis(1500))
          .overlap(OverlapPolicy.CANCEL_OTHER);

  private static final List<Request> REQUESTS =
      List.of(
          new Request.Start("e-1", "d", null, null, Map.of(), null, null, null, true, true),
          new Request.Start(
              "e-2", "d", 2, value(), Map.of("k", "v", "l", "w"), "s", 0, 5_000L, false, false),
          new Request.Complete(TOKEN, value()),
          new Request.Complete(TOKEN, null),
          new Request.Complete(
              TOKEN,
              value(),
              List.of(
                  new SpawnedTask("a", "searcher", value(), List.of()),
                  new SpawnedTask("b", "checker", null, List.of("a", "first")))),
          new Request.Fail(TOKEN, ERROR, false, 250L),
          new Request.Fail(TOKEN, new TaskError("x", ""), true, null),
          new Request.Heartbeat(TOKEN, 0.5, List.of("half")),
          new Request.Heartbeat(TOKEN, null, null),
          new Request.Watch("e-1"),
          new Request.Beat(Long.MIN_VALUE, List.of(TOKEN, TOKEN)),
          new Request.Pause("e-1", "c", PauseMode.IMMEDIATE, null),
          new Request.Resume("e-1", "c", "why", true),
          new Request.Cancel("e-1", "c", null),
          new Request.Retry("e-1", "c", "t"),
          new Request.GetExecution("e-1"),
          new Request.Repair("e-1"),
          new Request.GetHistory("e-1", 7, 100),
          new Request.Register("application/yaml", "name: ü"),
          new Request.Validate("application/json", "{}"),
          new Request.GetDefinition("d", null),
          new Request.ListDefinitions(),
          new Request.ListExecutions(
              ExecutionFilter.ALL
                  .status(ExecutionStatus.FAILED)
                  .attributes(Map.of("a", "b"))
                  .started(Instant.parse("2026-01-01T00:00:00Z"), null)),
          new Request.ListAgents(),
          new Request.OpenSession(9, "w", List.of("a", "b"), Map.of("region", "eu")),
          new Request.CloseSession(9),
          new Request.DrainSession(9),
          new Request.Recall(9, 3, 17),
          new Request.Decide("e-1", "c", "t", true, List.of("finance"), "why", value()),
          new Request.Decide("e-1", "c", "t", false, List.of(), null, null),
          new Request.Signal("e-1", "s", "paid", value()),
          new Request.ListApprovals("d", "finance", 10, "x~y~z"),
          new Request.SetSchedule("nightly", SCHEDULE),
          new Request.SwitchSchedule("nightly", "c1", ScheduleStatus.PAUSED, null),
          new Request.GetSchedule("nightly"),
          new Request.GetScheduleHistory("nightly", 7, 10),
          new Request.ListSchedules(10, "nightly"));

  @Test
  void everyKindOfRequestIsReadAsItWasWritten() {
    var batch =
        new RequestBatch(
            new UUID(1, -2), "t-1", "me", List.of(new Window(-1, 7), new Window(2, 0)), REQUESTS);
    assertThat(BatchCodec.decode(BatchCodec.encode(batch))).isEqualTo(batch);
    assertThat(REQUESTS.stream().map(Request::getClass).distinct().count())
        .as("every kind is here")
        .isEqualTo(countOfKinds(Request.class));
  }

  @Test
  void everyKindOfReplyIsReadAsItWasWritten() {
    List<Reply> replies =
        List.of(
            Reply.Done.CHANGED,
            Reply.Done.UNCHANGED,
            new Reply.Refused("wrong-state", "no"),
            new Reply.Refused("x", "y", List.of(new DefinitionProblem("a.b", 1, 2, "bad"))),
            new Reply.Refused(
                "resume-refused",
                "y",
                List.of(),
                List.of(
                    new ResumeReason(ResumeReason.Severity.ERROR, "chain-broken", null, "bad"),
                    new ResumeReason(ResumeReason.Severity.WARNING, "no-agent", "a", "none"))),
            new Reply.Body(value()),
            new Reply.Body(null),
            new Reply.Ended(new ExecutionResult("e", ExecutionStatus.COMPLETED, value(), null)),
            new Reply.Ended(new ExecutionResult("e", ExecutionStatus.FAILED, null, ERROR)),
            new Reply.BeatSeen(12, 5, List.of(TOKEN)),
            new Reply.Recalled(4));
    assertThat(ReplyCodec.decode(ReplyCodec.encode(replies))).isEqualTo(replies);
    assertThat(replies.stream().map(Reply::getClass).distinct().count())
        .isEqualTo(countOfKinds(Reply.class));
  }

  @Test
  void everyKindOfPushIsReadAsItWasWritten() {
    var task = new Push.Task(TOKEN, "d", 4, value(), 1, 2, 3);
    List<Push> pushes =
        List.of(
            new Push.Opened(-7),
            new Push.Assigned(-7, 1, List.of(task, task)),
            new Push.Revoked(-7, List.of(TOKEN)),
            new Push.Wanted(-7, 3),
            new Push.RollCall(new UUID(-1, 2)),
            new Push.Ended(new ExecutionResult("e", ExecutionStatus.CANCELLED, null, null)));
    assertThat(PushCodec.decode(PushCodec.encode(pushes))).isEqualTo(pushes);
    assertThat(pushes.size()).isEqualTo((int) countOfKinds(Push.class));
  }

  @Test
  void damagedBytesAreRefusedOrReadAsSomethingButNeverHang() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good =
        BatchCodec.encode(new RequestBatch(new UUID(1, 2), "t", "me", List.of(), REQUESTS));
    for (int i = 0; i < 2_000; i++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      byte[] cut = Arrays.copyOf(bad, random.nextInt(bad.length));
      for (byte[] bytes : List.of(bad, cut)) {
        try {
          BatchCodec.decode(bytes);
        } catch (IllegalArgumentException e) {
          assertThat(e).as("seed %d", seed).isNotNull();
        }
      }
    }
  }

  @Test
  void anotherVersionIsRefused() {
    byte[] bytes = ReplyCodec.encode(List.of());
    byte[] other = bytes.clone();
    other[1]++;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReplyCodec.decode(other))
        .withMessageContaining("version");
  }

  private static Object value() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "ünï ☃");
    map.put("list", List.of(1L, 2.5, true, List.of(), Map.of()));
    map.put("long", Long.MIN_VALUE);
    map.put("nothing", null);
    return map;
  }

  private static long countOfKinds(Class<?> type) {
    return Arrays.stream(type.getPermittedSubclasses())
        .mapToLong(kind -> kind.isInterface() ? countOfKinds(kind) : 1)
        .sum();
  }
}
