package dev.holdfast.client;

import dev.holdfast.api.ConflictException;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.ResumeRefusedException;
import dev.holdfast.api.UnavailableException;
import dev.holdfast.client.wire.Reply;

/** From a member's refusal to the exception that a caller catches. */
final class Replies {
  private Replies() {}

  static HoldfastException exception(Reply.Refused refused) {
    String code = refused.code();
    String message = refused.message();
    if (refused.isTransient() || code.equals("internal-error")) {
      return new UnavailableException(code, message, null);
    }
    return switch (code) {
      case "execution-not-found", "task-not-found", "definition-not-found", "schedule-not-found" ->
          new NotFoundException(code, message);
      case "id-conflict", "wrong-state", "stale-attempt", "task-not-ready", "concurrency-limit" ->
          new ConflictException(code, message);
      case ResumeRefusedException.CODE -> new ResumeRefusedException(message, refused.reasons());
      default -> new InvalidRequestException(code, message, refused.problems());
    };
  }
}
