package dev.holdfast.cli;

import dev.holdfast.cli.http.ApiException;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.http.UnreachableException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line, or as the problem document with {@code --json}. */
public final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) throws Exception {
    PrintWriter err = commandLine.getErr();
    return switch (failure) {
      case ApiException refused -> {
        if (commandLine.getParseResult().hasMatchedOption("--json")) {
          err.println(Json.line(refused.problem()));
        } else {
          err.println("holdfast: " + refused.headline());
          refused.errors().forEach(error -> err.println("  " + error));
        }
        yield exitCode(refused.status());
      }
      case UnreachableException gone -> {
        err.println("holdfast: " + gone.getMessage());
        yield ExitCode.UNREACHABLE;
      }
      case IOException e -> {
        err.println("holdfast: " + e.getMessage());
        yield ExitCode.FAILED;
      }
      default -> throw failure;
    };
  }

  private static int exitCode(int status) {
    return switch (status) {
      case 404 -> ExitCode.NOT_FOUND;
      case 409 -> ExitCode.CONFLICT;
      case 502, 503, 504 -> ExitCode.UNREACHABLE;
      default -> ExitCode.FAILED;
    };
  }
}
