package dev.holdfast.api;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a task, as its handler sees it. Thread-safe. When the attempt is taken back (a
 * pause, a cancellation, a lost lease) {@link #isCancelled()} turns true and the handler's thread
 * is interrupted; whatever it returns after that is refused by the engine.
 */
public interface TaskContext {
  /** The task's id in its definition. */
  default String id() {
    return token().task();
  }

  /** Id of the execution. */
  default String execution() {
    return token().execution();
  }

  /** Name of the definition. */
  String definition();

  /** Number of this attempt, from 1. */
  default int attempt() {
    return token().attempt();
  }

  /** Names this attempt everywhere; a good idempotency key for what the handler calls. */
  TaskToken token();

  /**
   * The task's input, a JSON value by {@link JsonValues}. JSON that is kept by reference is read
   * and has taken the reference's place: where it may be more than fits into memory, see {@link
   * #inputStream}. What is kept by reference and is no JSON stays a {@link BlobRef}'s value.
   *
   * @throws HoldfastException when what is referred to can't be read
   */
  @Nullable Object input();

  /** The input as it travelled, with references as they are. */
  @Nullable Object inputAsSent();

  /**
   * The bytes of the input, or of one of its fields: of data that is kept by reference its content,
   * read as it is asked for, of any other value its JSON. To be closed.
   *
   * @param path names of fields, each within the one before; none: the input itself
   * @throws TaskFailedException for good, of type {@code bad-input}, when there is no such field
   */
  InputStream inputStream(String... path);

  /**
   * Keeps data that is to be part of the output by reference: what is given back goes there as it
   * is, also deep inside. The stream is read to its end and not closed.
   *
   * @throws HoldfastException when it can't be kept
   */
  BlobRef upload(InputStream content, String mediaType);

  /**
   * The same with a file's content.
   *
   * @throws java.io.UncheckedIOException when the file can't be read
   */
  BlobRef upload(Path file, String mediaType);

  /**
   * The input as a JSON object.
   *
   * @throws TaskFailedException for good, of type {@code bad-input}, when it is not one
   */
  default Map<String, @Nullable Object> inputObject() {
    if (!(input() instanceof Map<?, ?> map)) {
      throw TaskFailedException.permanent(
          "bad-input", "the input of task " + id() + " is not a JSON object");
    }
    // A JSON value: its maps have strings as keys.
    @SuppressWarnings("unchecked")
    var object = (Map<String, @Nullable Object>) map;
    return object;
  }

  /** When the task became ready for an agent, by the node's clock. */
  Instant readyAt();

  /** When the attempt times out, by the node's clock. */
  Instant deadline();

  /**
   * Says that the handler is still at it, which extends the lease of a task whose definition asks
   * for a {@code heartbeat}. Only these calls do: that the agent is connected is checked by itself,
   * but says nothing of a handler that hangs. Does not block, and may be called as often as one
   * likes: while one is on its way, later ones gather into the next.
   */
  void heartbeat();

  /**
   * The same, with how far it is.
   *
   * @param progress 0 to 1, shown with the task
   * @throws IllegalArgumentException when it is not 0 to 1
   */
  default void heartbeat(double progress) {
    heartbeat(progress, null);
  }

  /**
   * The same, with something for people to read.
   *
   * @param progress 0 to 1, shown with the task
   * @param details a JSON value, or anything that Jackson can write as one
   * @throws IllegalArgumentException when the progress is not 0 to 1, or the details can't be
   *     written as JSON
   */
  void heartbeat(double progress, @Nullable Object details);

  /**
   * Adds a task to the execution, with this attempt's result: all that follows from this task waits
   * for it. The task's definition has to allow it ({@code spawn: {max: …}}); a result that can't
   * add what it says fails the attempt, with a type of {@code invalid-spawn} or {@code
   * limit-exceeded}.
   *
   * @param id of the new task: a letter or underscore, then letters, digits and underscores
   * @param agent the capability that it is routed to
   * @param input a JSON value, or anything that Jackson can write as one; null: the execution's
   * @param needs tasks that come before it: others that this attempt adds, or of the definition
   * @throws IllegalArgumentException when the input can't be written as JSON
   */
  void spawn(String id, String agent, @Nullable Object input, String... needs);

  /**
   * Pauses the execution, gracefully: other attempts that run may finish, this one too, and nothing
   * that follows from it is handed out before somebody resumes. Durable on return; once an attempt.
   *
   * @param reason kept in the history; null: none
   * @throws ConflictException when the execution is being cancelled or has ended
   */
  void pauseWorkflow(@Nullable String reason);

  /** Whether the attempt was taken back: the handler should stop, its result would be refused. */
  boolean isCancelled();

  /**
   * The W3C {@code traceparent} of this attempt: all of an execution's attempts share the trace id,
   * so that what agents trace can be found by execution.
   */
  String traceContext();
}
