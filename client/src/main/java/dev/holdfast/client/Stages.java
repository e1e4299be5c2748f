package dev.holdfast.client;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.UnavailableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** From stages to blocking calls. */
final class Stages {
  private Stages() {}

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", "interrupted while waiting for the answer", e);
    } catch (ExecutionException e) {
      Throwable cause = unwrap(e);
      if (cause instanceof HoldfastException known) {
        // The stack of the caller is the useful one; the client's own is no help to anybody.
        known.setStackTrace(new Throwable().getStackTrace());
        throw known;
      }
      throw new IllegalStateException("the client failed", cause);
    }
  }

  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
