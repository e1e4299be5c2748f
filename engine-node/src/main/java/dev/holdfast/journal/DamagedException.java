package dev.holdfast.journal;

import dev.holdfast.api.ExecutionKey;
import org.jspecify.annotations.Nullable;

/** What the store has of an execution does not hold together: no later try will mend that. */
public final class DamagedException extends StoreException {
  private static final long serialVersionUID = 1L;
  private final String what;

  public DamagedException(ExecutionKey key, String what, @Nullable Throwable cause) {
    super("execution " + key + " is damaged: " + what, cause);
    this.what = what;
  }

  /** What of it does not hold. */
  public String what() {
    return what;
  }
}
