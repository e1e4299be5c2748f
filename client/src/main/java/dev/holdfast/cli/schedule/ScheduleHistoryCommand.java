package dev.holdfast.cli.schedule;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.HistoryOptions;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.EventWords;
import dev.holdfast.cli.output.Output;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code schedule history}. */
@Command(name = "history", description = "Print a schedule's events: what came of its times.")
final class ScheduleHistoryCommand extends NamedScheduleCommand {
  /** Leaves out what has a column of its own, or is of no use to a reader. */
  private static final EventWords WORDS =
      new EventWords(Set.of("seq", "at", "type", "by", "hash", "epoch", "commandId"));

  @Mixin private HistoryOptions options;

  @Override
  protected int run(ApiClient api, Output output) {
    options.print(api, path(), List.of(), WORDS, output);
    return ExitCode.DONE;
  }
}
