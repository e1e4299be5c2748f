package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the shell gets to see, with answers as a node gives them. */
class CommandLineTest {
  private record Answer(int status, String body) {}

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, String> bodies = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String call = exchange.getRequestMethod() + ' ' + exchange.getRequestURI();
          bodies.put(
              call, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          Answer answer = answers.getOrDefault(call, new Answer(404, "{\"title\":\"Nothing\"}"));
          byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void inputIsReadFromAFile(@TempDir Path folder) throws IOException {
    answers.put("POST /v1/executions", new Answer(201, "{\"id\":\"e-1\",\"status\":\"RUNNING\"}"));
    Path file = Files.writeString(folder.resolve("in.json"), "{\"words\": [\"a b\", 'c']}");
    assertThat(run("run", "hello", "--input", "@" + file)).isEqualTo(2);
    Files.writeString(file, "{\"words\": [\"a b\", \"c\"]}");
    assertThat(run("run", "hello", "--input", "@" + file)).isZero();
    assertThat(bodies.get("POST /v1/executions")).contains("{\"words\":[\"a b\",\"c\"]}");
  }

  @Test
  void startingPrintsTheId() {
    answers.put("POST /v1/executions", new Answer(201, "{\"id\":\"e-1\",\"status\":\"RUNNING\"}"));
    assertThat(run("run", "hello", "--input", "{\"n\":7}", "--attribute", "a=b")).isZero();
    assertThat(out.toString().strip()).isEqualTo("e-1");
    assertThat(bodies.get("POST /v1/executions"))
        .isEqualTo("{\"definition\":\"hello\",\"attributes\":{\"a\":\"b\"},\"input\":{\"n\":7}}");
  }

  @Test
  void jsonIsPrintedWhereItIsAskedFor() {
    answers.put("GET /v1/executions?limit=50", new Answer(200, "{\"items\":[],\"more\":1}"));
    assertThat(run("workflow", "list", "--json")).isZero();
    assertThat(out.toString().replaceAll("\\s", "")).isEqualTo("{\"items\":[]}");
  }

  @Test
  void exitCodesSayWhatHappened() {
    answers.put(
        "POST /v1/executions/e-1/resume",
        new Answer(409, "{\"title\":\"Wrong\",\"code\":\"wrong-state\"}"));
    answers.put("POST /v1/executions/e-2/resume", new Answer(503, "{\"title\":\"Away\"}"));
    answers.put("POST /v1/executions/e-3/resume", new Answer(400, "{\"title\":\"Bad\"}"));
    assertThat(run("workflow", "resume", "e-1")).isEqualTo(ExitCode.CONFLICT);
    assertThat(run("workflow", "resume", "e-2")).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(run("workflow", "resume", "e-3")).isEqualTo(ExitCode.FAILED);
    assertThat(run("workflow", "resume", "e-4")).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(err.toString()).contains("Wrong", "Away", "Bad", "Nothing");
  }

  @Test
  void refusalsAreJsonWhereThatIsAskedFor() {
    answers.put(
        "POST /v1/executions/e-1/cancel",
        new Answer(409, "{\"title\":\"Wrong\",\"code\":\"wrong-state\"}"));
    assertThat(run("workflow", "cancel", "e-1", "--json")).isEqualTo(ExitCode.CONFLICT);
    assertThat(err.toString().strip()).isEqualTo("{\"title\":\"Wrong\",\"code\":\"wrong-state\"}");
  }

  @Test
  void eachReasonAgainstAResumeIsALine() {
    answers.put(
        "POST /v1/executions/e-1/resume",
        new Answer(
            409,
            """
            {"title":"Something speaks against going on","code":"resume-refused","reasons":
             [{"severity":"warning","code":"no-agent","task":"a","message":"task 'a' waits"}]}
            """));
    assertThat(run("workflow", "resume", "e-1")).isEqualTo(ExitCode.CONFLICT);
    assertThat(err.toString())
        .contains("Something speaks against going on", "  warning: task 'a' waits");
    answers.put(
        "POST /v1/executions/resume",
        new Answer(
            200,
            """
            {"matched":1,"changed":0,"unchanged":0,"more":false,"failed":[{"execution":"e-1",
             "code":"resume-refused","message":"no","reasons":
             [{"severity":"warning","code":"no-agent","task":"a","message":"task 'a' waits"}]}]}
            """));
    assertThat(run("workflow", "resume-all")).isEqualTo(ExitCode.FAILED);
    assertThat(out.toString()).contains("e-1: resume-refused: no", "  warning: task 'a' waits");
  }

  @Test
  void aNodeThatIsNotThereIsUnreachable() {
    server.stop(0);
    assertThat(run("workflow", "list")).isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void wrongUseIsExitCodeTwo() {
    assertThat(run("workflow", "list", "--bogus")).isEqualTo(ExitCode.USAGE);
    assertThat(run("run", "hello", "--input", "{")).isEqualTo(ExitCode.USAGE);
    assertThat(run("run", "hello", "--input", "@/no/such/file")).isEqualTo(ExitCode.USAGE);
    assertThat(run("workflow", "state", "cleanup", "--retention-days", "-1"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void problemsOfADefinitionAreListed(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("x.yaml"), "name: x\ntasks: 1\n");
    answers.put(
        "PUT /v1/definitions/x",
        new Answer(
            422,
            """
            {"title":"The definition has errors","errors":
             [{"path":"tasks","line":2,"column":8,"message":"must be an object"}]}
            """));
    assertThat(run("definition", "apply", file.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains(file + ":2:8 tasks: must be an object");
  }

  @Test
  void cleaningUpSaysHowMany() {
    answers.put("POST /v1/executions/purge", new Answer(200, "{\"purged\":3}"));
    assertThat(run("workflow", "state", "cleanup", "--dry-run")).isZero();
    assertThat(out.toString().strip()).isEqualTo("3 would be removed");
    assertThat(bodies.get("POST /v1/executions/purge"))
        .contains("\"dryRun\":true")
        .contains("\"retentionDays\":90");
  }

  @Test
  void blobsArePutAndGot(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "some text");
    String hash = "ab".repeat(32);
    answers.put(
        "POST /v1/blobs",
        new Answer(201, "{\"sha256\":\"" + hash + "\",\"bytes\":9,\"$ref\":\"sha256:x\"}"));
    assertThat(run("blob", "put", file.toString())).isZero();
    assertThat(bodies.get("POST /v1/blobs")).isEqualTo("some text");
    assertThat(out.toString()).contains(hash, "$ref");
    answers.put("GET /v1/blobs/" + hash, new Answer(200, "its content"));
    Path copy = folder.resolve("copy");
    assertThat(run("blob", "get", "sha256:" + hash, "--output", copy.toString())).isZero();
    assertThat(copy).hasContent("its content");
    assertThat(run("blob", "get", "00")).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("blob", "put", folder.resolve("none").toString())).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void decisionsAndSignalsGoWhereTheyBelong() {
    String state =
        """
        {"id":"e-1","definition":"d","version":1,"tenant":"default","status":"RUNNING",
         "progress":{"total":1,"completed":0,"running":0,"pending":1,"skipped":0,"failed":0,"percent":0},
         "currentTasks":[],"tasks":[],"variables":{},"attributes":{},"priority":5,"seq":4,
         "startedAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}
        """;
    String call = "POST /v1/executions/e-1/tasks/settle/approve";
    answers.put(call, new Answer(200, state));
    assertThat(run("workflow", "approve", "e-1", "settle", "--output", "{\"n\":1}")).isZero();
    assertThat(bodies.get(call)).isEqualTo("{\"approved\":true,\"output\":{\"n\":1}}");
    assertThat(out.toString()).contains("e-1 is RUNNING");
    assertThat(run("workflow", "approve", "e-1", "settle", "--reject", "--reason", "no")).isZero();
    assertThat(bodies.get(call)).isEqualTo("{\"approved\":false,\"reason\":\"no\"}");
    String signal = "POST /v1/executions/e-1/signals/paid?id=s-1";
    answers.put(signal, new Answer(200, state));
    assertThat(
            run("workflow", "signal", "e-1", "paid", "--input", "{\"n\":1}", "--signal-id", "s-1"))
        .isZero();
    assertThat(bodies.get(signal)).isEqualTo("{\"n\":1}");
    answers.put(call, new Answer(403, "{\"title\":\"Others decide\"}"));
    assertThat(run("workflow", "approve", "e-1", "settle")).isEqualTo(ExitCode.FAILED);
    answers.put(
        "GET /v1/approvals?limit=50",
        new Answer(
            200,
            """
            {"items":[{"execution":"e-1","task":"settle","definition":"d","version":1,
             "approvers":["finance"],"since":"2026-01-01T00:00:00Z","inputBytes":2,"input":{}}]}
            """));
    assertThat(run("workflow", "approvals")).isZero();
    assertThat(out.toString()).contains("settle", "finance");
  }

  @Test
  void theCompletionScriptKnowsTheCommands() {
    assertThat(commandLine().execute("completion")).isZero();
    assertThat(out.toString()).contains("complete -F", "workflow", "definition", "zsh");
  }

  private int run(String... args) {
    var withServer = new String[args.length + 2];
    System.arraycopy(args, 0, withServer, 0, args.length);
    withServer[args.length] = "--server";
    withServer[args.length + 1] = "http://127.0.0.1:" + server.getAddress().getPort();
    return commandLine().execute(withServer);
  }

  private CommandLine commandLine() {
    return HoldfastCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }
}
