package dev.holdfast.cli.definition;

import dev.holdfast.api.DefinitionView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.http.Json;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code definition list}. */
@Command(name = "list", description = "List the newest version of each definition.")
final class ListDefinitionsCommand extends ApiCommand {
  private static final int DIGEST_CHARS = 12;

  @Override
  protected int run(ApiClient api, Output output) {
    Map<String, @Nullable Object> answer = api.get("/v1/definitions");
    if (output.json()) {
      output.pretty(answer);
      return ExitCode.DONE;
    }
    Table table = new Table("NAME", "VERSION", "REGISTERED", "DIGEST");
    for (Map<String, @Nullable Object> item : ApiClient.items(answer)) {
      DefinitionView definition = Json.as(item, DefinitionView.class);
      table.row(
          definition.name(),
          definition.version(),
          output.ago(definition.registeredAt()),
          definition.digest().substring(0, DIGEST_CHARS));
    }
    output.table(table);
    return ExitCode.DONE;
  }
}
