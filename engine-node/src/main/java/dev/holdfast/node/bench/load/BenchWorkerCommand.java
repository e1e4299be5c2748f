package dev.holdfast.node.bench.load;

import dev.holdfast.api.TaskContext;
import dev.holdfast.client.HoldfastClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bench's worker, in a process of its own. It is led by lines on stdin: {@code reset MILLIS}
 * forgets what was measured and sets how long handlers wait, {@code report} answers with one line
 * of JSON. It ends with stdin.
 */
@Command(name = "bench-worker", hidden = true)
public final class BenchWorkerCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--members", required = true, split = ",")
  private List<String> members = List.of();

  @Option(names = "--cluster-name", required = true)
  private String clusterName = "";

  @Option(names = "--concurrency", required = true)
  private int concurrency;

  private final Latencies routing = new Latencies();
  private final LongAdder calls = new LongAdder();
  private final Map<String, Boolean> tasksSeen = new ConcurrentHashMap<>();
  private volatile int taskMillis;

  /**
   * What was measured since the last reset.
   *
   * @param routing by {@link Latencies#encode}
   * @param calls of the handler
   * @param tasks different ones among them
   */
  public record Report(String routing, long calls, long tasks) {}

  @Override
  public Integer call() throws IOException {
    var json = new JsonMapper();
    PrintWriter out = spec == null ? new PrintWriter(System.out) : spec.commandLine().getOut();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (var holdfast =
            HoldfastClient.builder()
                .addresses(members.toArray(String[]::new))
                .clusterName(clusterName)
                .connect();
        var agent =
            holdfast
                .agent(BenchDefinition.CAPABILITY, this::handle)
                .concurrency(concurrency)
                .start()) {
      out.println(agent.worker());
      out.flush();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("report")) {
          out.println(
              json.writeValueAsString(new Report(routing.encode(), calls.sum(), tasksSeen.size())));
        } else {
          routing.reset();
          calls.reset();
          tasksSeen.clear();
          taskMillis = Integer.parseInt(line.substring("reset ".length()));
          out.println("ok");
        }
        out.flush();
      }
    }
    return 0;
  }

  private @Nullable Object handle(TaskContext task) throws InterruptedException {
    // Node and worker share the machine's clock.
    routing.recordNanos(Duration.between(task.readyAt(), Instant.now()).toNanos());
    calls.increment();
    tasksSeen.put(task.execution() + '/' + task.id(), Boolean.TRUE);
    int millis = taskMillis;
    if (millis > 0) {
      Thread.sleep(millis);
    }
    return task.input();
  }
}
