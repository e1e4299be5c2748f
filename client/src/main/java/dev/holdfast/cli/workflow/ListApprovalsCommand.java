package dev.holdfast.cli.workflow;

import dev.holdfast.api.ApprovalView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code workflow approvals}. */
@Command(
    name = "approvals",
    description = "List the tasks that await approval, those first that have waited longest.")
final class ListApprovalsCommand extends ApiCommand {
  @Option(names = "--definition", paramLabel = "NAME", description = "Of this one only.")
  private @Nullable String definition;

  @Option(names = "--for", paramLabel = "ROLE", description = "Only what this role may decide.")
  private @Nullable String role;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 50.")
  private int limit = 50;

  @Override
  protected int run(ApiClient api, Output output) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", Integer.toString(limit));
    if (definition != null) {
      query.put("definition", definition);
    }
    if (role != null) {
      query.put("role", role);
    }
    output.list(
        api.get("/v1/approvals" + ApiClient.query(query)),
        ApprovalView.class,
        new Table("ID", "TASK", "DEFINITION", "SINCE", "EXPIRES", "APPROVERS", "INPUT"),
        (approval, table) ->
            table.row(
                approval.execution(),
                approval.task(),
                approval.definition() + " v" + approval.version(),
                output.ago(approval.since()),
                approval.expiresAt() == null ? "" : output.ago(approval.expiresAt()),
                String.join(",", approval.approvers()),
                approval.input() == null ? "" : Json.line(approval.input())));
    return ExitCode.DONE;
  }
}
