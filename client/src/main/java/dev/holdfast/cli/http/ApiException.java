package dev.holdfast.cli.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The node refused a call; carries its problem document (RFC 9457). */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final transient Map<String, @Nullable Object> problem;

  ApiException(int status, Map<String, @Nullable Object> problem) {
    super(text(status, problem));
    this.status = status;
    this.problem = problem;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The document as the node sent it. */
  public Map<String, @Nullable Object> problem() {
    return problem;
  }

  /** In one line what is wrong; only what it is called where {@link #errors} say the rest. */
  public String headline() {
    Object title = problem.get("title");
    return errors().isEmpty() || title == null ? String.valueOf(getMessage()) : title.toString();
  }

  /** Every single error, a line each; empty where there is only one. */
  public List<String> errors() {
    List<String> lines = new ArrayList<>();
    if (problem.get("errors") instanceof List<?> errors) {
      for (Object error : errors) {
        if (error instanceof Map<?, ?> fault) {
          lines.add(line(fault));
        }
      }
    }
    if (problem.get("reasons") instanceof List<?> reasons) {
      for (Object one : reasons) {
        if (one instanceof Map<?, ?> reason) {
          lines.add(reason.get("severity") + ": " + reason.get("message"));
        }
      }
    }
    return lines;
  }

  private static String line(Map<?, ?> fault) {
    StringBuilder line = new StringBuilder();
    if (fault.get("line") != null) {
      line.append(fault.get("line")).append(':').append(fault.get("column")).append(' ');
    }
    if (fault.get("path") != null && !fault.get("path").toString().isEmpty()) {
      line.append(fault.get("path")).append(": ");
    }
    return line.append(fault.get("message")).toString();
  }

  private static String text(int status, Map<String, @Nullable Object> problem) {
    Object title = problem.get("title");
    Object detail = problem.get("detail");
    if (title == null && detail == null) {
      return "the node answered with status " + status;
    }
    return title == null ? detail + "" : detail == null ? title + "" : title + ": " + detail;
  }
}
