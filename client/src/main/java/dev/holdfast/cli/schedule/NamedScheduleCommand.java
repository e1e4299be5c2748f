package dev.holdfast.cli.schedule;

import dev.holdfast.api.ScheduleView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command about one schedule. */
abstract class NamedScheduleCommand extends ApiCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The schedule's name.")
  private String name = "";

  final String name() {
    return name;
  }

  final String path() {
    return "/v1/schedules/" + ApiClient.escaped(name);
  }

  /** Posts the reason; prints the status that it has then. */
  final void control(ApiClient api, Output output, String verb, @Nullable String reason) {
    Map<String, @Nullable Object> answer =
        api.post(path() + '/' + verb, reason == null ? null : Map.of("reason", reason));
    output.answer(
        answer, ScheduleView.class, (view, out) -> out.line(name + " is " + view.status()));
  }
}
