package dev.holdfast.cli.agent;

import dev.holdfast.api.TaskToken;
import dev.holdfast.api.TraceContext;
import dev.holdfast.cli.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the command for one task.
 *
 * @param command for {@code sh -c}
 * @param tenant whose tasks these are
 * @param wholeResult whether it prints the body of a {@code complete} call, not the output alone
 */
record ShellTask(String command, String tenant, boolean wholeResult) {
  /** What the engine takes as an output at most. */
  private static final int OUTPUT_BYTES_MAX = 1 << 20;

  private static final int ERROR_CHARS_MAX = 4_000;
  private static final long KILL_AFTER_SECONDS = 5;

  /**
   * What came of it.
   *
   * @param body what it has to say with its success
   * @param error null: it succeeded
   * @param retryable whether another attempt may help
   */
  record Result(
      Map<String, @Nullable Object> body,
      @Nullable Map<String, @Nullable Object> error,
      boolean retryable) {

    static Result failed(String type, String message, boolean retryable) {
      Map<String, @Nullable Object> error = new LinkedHashMap<>();
      error.put("type", type);
      error.put("message", message);
      return new Result(Map.of(), error, retryable);
    }
  }

  /**
   * Runs it and waits.
   *
   * @param started is given the process
   */
  Result run(PolledTask task, Consumer<Process> started) throws InterruptedException {
    Process process;
    try {
      process = begin(task);
    } catch (IOException e) {
      return Result.failed("not-started", String.valueOf(e.getMessage()), true);
    }
    started.accept(process);
    CompletableFuture<byte[]> out = read(process.getInputStream(), null);
    CompletableFuture<byte[]> err = read(process.getErrorStream(), System.err);
    feed(process, task.input());
    int code = process.waitFor();
    byte[] output = out.join();
    byte[] errors = err.join();
    if (code != 0) {
      return Result.failed("exit-" + code, tail(errors, code), true);
    }
    if (output.length > OUTPUT_BYTES_MAX) {
      return Result.failed(
          "bad-output", "more than " + OUTPUT_BYTES_MAX + " bytes on standard output", false);
    }
    String text = new String(output, StandardCharsets.UTF_8);
    try {
      return new Result(body(text), null, true);
    } catch (IllegalArgumentException e) {
      return Result.failed("bad-output", "standard output is " + e.getMessage(), false);
    }
  }

  private Map<String, @Nullable Object> body(String text) {
    if (wholeResult) {
      return text.isBlank() ? Map.of() : Json.object(text);
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("output", text.isBlank() ? null : Json.value(text));
    return body;
  }

  /** Asks the process to stop, and makes it if it does not. */
  static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process
        .onExit()
        .orTimeout(KILL_AFTER_SECONDS, TimeUnit.SECONDS)
        .exceptionally(stubborn -> {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          return process.destroyForcibly();
        });
  }

  private Process begin(PolledTask task) throws IOException {
    var builder = new ProcessBuilder("sh", "-c", command);
    Map<String, String> environment = builder.environment();
    environment.put("HOLDFAST_EXECUTION", task.execution());
    environment.put("HOLDFAST_TASK", task.task());
    environment.put("HOLDFAST_ATTEMPT", String.valueOf(task.attempt()));
    environment.put("HOLDFAST_DEFINITION", task.definition());
    environment.put("HOLDFAST_TOKEN", task.token());
    environment.put("TRACEPARENT", TraceContext.traceparent(tenant, TaskToken.parse(task.token())));
    return builder.start();
  }

  private static void feed(Process process, @Nullable Object input) {
    try (OutputStream in = process.getOutputStream()) {
      in.write(Json.line(input).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A command that reads nothing, or not all, is within its rights.
    }
  }

  /** Reads to the end, so that the process never blocks, but keeps a bounded part. */
  private static CompletableFuture<byte[]> read(InputStream stream, @Nullable OutputStream copy) {
    return CompletableFuture.supplyAsync(
        () -> {
          var kept = new ByteArrayOutputStream();
          byte[] buffer = new byte[8192];
          try (stream) {
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
              if (kept.size() <= OUTPUT_BYTES_MAX) {
                kept.write(buffer, 0, n);
              }
              if (copy != null) {
                copy.write(buffer, 0, n);
                copy.flush();
              }
            }
          } catch (IOException e) {
            // The process is gone; what it had written counts.
          }
          return kept.toByteArray();
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static String tail(byte[] errors, int code) {
    String text = new String(errors, StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return "the command ended with exit code " + code;
    }
    return text.length() <= ERROR_CHARS_MAX
        ? text
        : text.substring(text.length() - ERROR_CHARS_MAX);
  }
}
