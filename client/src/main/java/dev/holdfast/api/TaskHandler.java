package dev.holdfast.api;

import org.jspecify.annotations.Nullable;

/** What an agent does with a task. Called on a virtual thread of its own, so it may block. */
@FunctionalInterface
public interface TaskHandler {
  /**
   * Carries the task out.
   *
   * @return the output: a JSON value by {@link JsonValues}, or anything that Jackson can write as
   *     one (a record, for example); however large. An {@link java.io.InputStream}, which is
   *     closed, or a {@link java.nio.file.Path} is uploaded as it is and the output refers to it
   * @throws TaskFailedException to fail the attempt with a type of one's own, a back-off, or for
   *     good
   * @throws Exception any other fails the attempt with the exception's simple class name as type
   */
  @Nullable Object handle(TaskContext task) throws Exception;
}
