package dev.holdfast.cli.schedule;

import dev.holdfast.api.ScheduleView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code schedule list}. */
@Command(name = "list", description = "List the schedules, by name.")
final class ListSchedulesCommand extends ApiCommand {
  private static final String PAGE = "1000";

  @Override
  protected int run(ApiClient api, Output output) {
    output.list(
        Map.of("items", all(api)),
        ScheduleView.class,
        new Table("NAME", "STATUS", "CRON", "ZONE", "DEFINITION", "NEXT", "LAST"),
        (schedule, table) ->
            table.row(
                schedule.name(),
                schedule.status(),
                schedule.cron(),
                schedule.zone(),
                schedule.definition(),
                schedule.upcoming().isEmpty() ? "" : output.ago(schedule.upcoming().getFirst()),
                last(schedule)));
    return ExitCode.DONE;
  }

  private static List<Map<String, @Nullable Object>> all(ApiClient api) {
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    Map<String, String> query = new HashMap<>(Map.of("limit", PAGE));
    while (true) {
      Map<String, @Nullable Object> page = api.get("/v1/schedules" + ApiClient.query(query));
      items.addAll(ApiClient.items(page));
      if (page.get("nextCursor") == null) {
        return items;
      }
      query.put("cursor", String.valueOf(page.get("nextCursor")));
    }
  }

  private static String last(ScheduleView schedule) {
    if (schedule.running() != null) {
      return "RUNNING";
    }
    return schedule.recent().isEmpty()
        ? ""
        : String.valueOf(schedule.recent().getFirst().outcome());
  }
}
