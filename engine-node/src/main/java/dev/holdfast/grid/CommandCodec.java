package dev.holdfast.grid;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.ResumeReason;
import dev.holdfast.core.ChildReport;
import dev.holdfast.core.Command;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ParentWish;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Rejection;
import dev.holdfast.journal.PlanResolver;
import dev.holdfast.journal.codec.StateCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Commands and outcomes on their way between members: CBOR by Jackson, since only what the outside
 * sends to a member that doesn't own the execution goes this way.
 */
final class CommandCodec {
  private static final CBORMapper CBOR =
      CBORMapper.builder()
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .addMixIn(Command.class, ByName.class)
          .addMixIn(ChildReport.class, ByName.class)
          .addMixIn(ParentWish.class, ByName.class)
          .build();

  private CommandCodec() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
  private interface ByName {}

  /** A command with its execution. */
  record Addressed(ExecutionKey key, Command command, boolean fresh) {}

  /** A start without its plan, which every member has by name and version. */
  private record Start(
      String definition,
      int version,
      @Nullable Object input,
      Map<String, String> attributes,
      @Nullable String session,
      int priority,
      @Nullable Duration timeout,
      String requestDigest,
      String by,
      @Nullable ParentLink parent,
      boolean fresh) {}

  private record Sent(String tenant, String id, @Nullable Start start, @Nullable Command command) {}

  private record Answered(
      byte @Nullable [] state,
      boolean changed,
      @Nullable String code,
      @Nullable String message,
      List<ResumeReason> reasons) {}

  static byte[] encode(ExecutionKey key, Command command, boolean fresh) {
    Sent sent =
        command instanceof Command.StartExecution start
            ? new Sent(key.tenant(), key.id(), withoutPlan(start, fresh), null)
            : new Sent(key.tenant(), key.id(), null, command);
    return CBOR.writeValueAsBytes(sent);
  }

  private static Start withoutPlan(Command.StartExecution start, boolean fresh) {
    return new Start(
        start.plan().name(),
        start.plan().version(),
        start.input(),
        start.attributes(),
        start.session(),
        start.priority(),
        start.timeout(),
        start.requestDigest(),
        start.by(),
        start.parent(),
        fresh);
  }

  static Addressed decode(byte[] body, PlanResolver plans) {
    Sent sent = CBOR.readValue(body, Sent.class);
    var key = new ExecutionKey(sent.tenant(), sent.id());
    Start start = sent.start();
    if (start != null) {
      Plan plan = plans.resolve(key.tenant(), start.definition(), start.version());
      return new Addressed(key, withPlan(plan, key, start), start.fresh());
    }
    Command command = sent.command();
    if (command == null) {
      throw new IllegalArgumentException("a message without a command for " + key);
    }
    return new Addressed(key, command, false);
  }

  private static Command withPlan(Plan plan, ExecutionKey key, Start start) {
    return new Command.StartExecution(
        plan,
        key,
        start.input(),
        start.attributes(),
        start.session(),
        start.priority(),
        start.timeout(),
        start.requestDigest(),
        start.by(),
        start.parent());
  }

  static byte[] encode(Outcome outcome) {
    Answered answered =
        switch (outcome) {
          case Outcome.Done done ->
              new Answered(StateCodec.encode(done.state()), done.changed(), null, null, List.of());
          case Outcome.Refused refused ->
              new Answered(
                  null,
                  false,
                  refused.rejection().code().name(),
                  refused.rejection().message(),
                  refused.rejection().reasons());
        };
    return CBOR.writeValueAsBytes(answered);
  }

  static Outcome decodeOutcome(byte[] body, PlanResolver plans) {
    Answered answered = CBOR.readValue(body, Answered.class);
    byte[] state = answered.state();
    if (state != null) {
      return new Outcome.Done(StateCodec.decode(state, plans), answered.changed());
    }
    String message = answered.message();
    return new Outcome.Refused(
        new Rejection(
            Rejection.Code.valueOf(answered.code()),
            message == null ? "" : message,
            answered.reasons()));
  }
}
