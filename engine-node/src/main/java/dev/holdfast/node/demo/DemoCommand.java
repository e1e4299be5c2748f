package dev.holdfast.node.demo;

import dev.holdfast.node.server.NodeRuntime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast demo}: a node, sample agents and a sample workflow in one command. */
@Command(
    name = "demo",
    description = "A node, sample agents and a sample workflow in one command.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder that the history is kept in; default: a new one for temporary files.")
  private @Nullable Path data;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = data == null ? Files.createTempDirectory("holdfast-demo-") : data;
    String cluster = "demo-" + ProcessHandle.current().pid();
    PrintWriter out = spec.commandLine().getOut();
    try (var node = NodeRuntime.startAlone(folder, cluster)) {
      out.printf("A node is ready: HTTP on %s, data in %s%n", node.httpAddress(), folder);
      boolean allCompleted = new Demo(node, out).run();
      out.printf("kept in %s; to look around: ./holdfast server --data %s%n", folder, folder);
      out.flush();
      return allCompleted ? 0 : 1;
    }
  }
}
