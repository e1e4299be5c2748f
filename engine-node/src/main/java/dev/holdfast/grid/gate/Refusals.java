package dev.holdfast.grid.gate;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import dev.holdfast.api.DefinitionProblem;
import dev.holdfast.api.ExecutionKey;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.Definitions.DefinitionError;
import dev.holdfast.grid.InvalidDefinitionException;
import dev.holdfast.grid.MovedException;
import dev.holdfast.grid.UnsettledException;
import dev.holdfast.grid.peer.NotServingException;
import dev.holdfast.journal.StoreException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refusals as the client reads them; their codes are those of the HTTP API. */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private Refusals() {}

  public static Reply.Refused of(Rejection rejection) {
    return new Reply.Refused(
        rejection.code().text(), rejection.message(), List.of(), rejection.reasons());
  }

  public static Reply.Refused noExecution(ExecutionKey key) {
    return new Reply.Refused(Rejection.Code.EXECUTION_NOT_FOUND.text(), "no execution " + key.id());
  }

  public static Reply.Refused noDefinition(String name, @Nullable Integer version) {
    return new Reply.Refused(
        "definition-not-found",
        "no definition " + name + (version == null ? "" : " in version " + version));
  }

  public static Reply.Refused invalidInput(String message) {
    return new Reply.Refused("invalid-input", message);
  }

  /** What a request that threw is answered with. */
  public static Reply.Refused of(RuntimeException failure) {
    return switch (failure) {
      case InvalidDefinitionException e ->
          new Reply.Refused(
              "invalid-definition", "the definition has errors", problems(e.errors()));
      case CompletionException e when e.getCause() instanceof RuntimeException cause -> of(cause);
      case CompletionException e when e.getCause() instanceof TimeoutException ->
          unavailable("no answer came in time");
      case CompletionException e when e.getCause() instanceof ExecutionException cause ->
          unavailable(String.valueOf(cause.getMessage()));
      // The execution or the whole member is on the move: worth another try.
      case HazelcastException e -> unavailable(text(e));
      case HazelcastInstanceNotActiveException e -> unavailable(text(e));
      case NotServingException e -> unavailable(text(e));
      case MovedException e -> unavailable(text(e));
      case UnsettledException e -> unavailable(text(e));
      case RejectedExecutionException e -> unavailable("too much to do: " + text(e));
      case StoreException e -> new Reply.Refused(Rejection.Code.STORE_UNAVAILABLE.text(), text(e));
      case IllegalArgumentException e -> new Reply.Refused("invalid-request", text(e));
      default -> {
        LOG.error("a client's request failed", failure);
        yield new Reply.Refused("internal-error", "something went wrong inside the node");
      }
    };
  }

  private static Reply.Refused unavailable(String why) {
    return new Reply.Refused(Rejection.Code.UNAVAILABLE.text(), why);
  }

  public static List<DefinitionProblem> problems(List<DefinitionError> errors) {
    return errors.stream()
        .map(e -> new DefinitionProblem(e.path(), e.line(), e.column(), e.message()))
        .toList();
  }

  private static String text(RuntimeException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
