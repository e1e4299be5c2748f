package dev.holdfast.gateway.problem;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers as problem details what the server refuses before any handler sees it. */
public final class ServerProblems extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    ProblemKind kind = kind(response.getStatus());
    Object message = request.getAttribute(ERROR_MESSAGE);
    String detail = message == null ? kind.title() : message.toString();
    byte[] json =
        ProblemAnswers.json(
            new Problem(kind, detail), request.getHttpURI().getCanonicalPath() + "");
    response.setStatus(kind.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemAnswers.MEDIA_TYPE);
    response.write(true, ByteBuffer.wrap(json), callback);
    return true;
  }

  private static ProblemKind kind(int status) {
    return switch (status) {
      case 404 -> ProblemKind.NOT_FOUND;
      case 503 -> ProblemKind.UNAVAILABLE;
      default -> status < 500 ? ProblemKind.INVALID_REQUEST : ProblemKind.INTERNAL;
    };
  }
}
