package dev.holdfast.node.bench;

import java.io.PrintWriter;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** How a bench prints what it has measured: the option that all of them share. */
final class ReportOptions {
  @Option(names = "--json", description = "One JSON object on stdout instead of a table.")
  private boolean json;

  /**
   * Prints it to the command's standard output.
   *
   * @param table gives lines, each of which ends in a line break
   */
  <R> void print(CommandSpec spec, R report, Function<R, String> table) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? new JsonMapper().writeValueAsString(report) + '\n' : table.apply(report));
    out.flush();
  }
}
