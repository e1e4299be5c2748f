package dev.holdfast.api;

/** Asked for its output, an execution had none since it did not end COMPLETED. */
public final class ExecutionFailedException extends HoldfastException {
  private static final long serialVersionUID = 1L;
  private final transient ExecutionResult result;

  public ExecutionFailedException(ExecutionResult result) {
    super("execution-" + codeOf(result.status()), text(result), null);
    this.result = result;
  }

  /** How it ended. */
  public ExecutionResult result() {
    return result;
  }

  private static String codeOf(ExecutionStatus status) {
    return status.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static String text(ExecutionResult result) {
    TaskError error = result.error();
    String text = "execution " + result.id() + " ended " + result.status();
    return error == null ? text : text + ": " + error.type() + ": " + error.message();
  }
}
