package dev.holdfast.cli.definition;

import dev.holdfast.api.DefinitionView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import dev.holdfast.cli.output.Table;
import picocli.CommandLine.Command;

/** {@code definition list}. */
@Command(name = "list", description = "List the newest version of each definition.")
final class ListDefinitionsCommand extends ApiCommand {
  private static final int DIGEST_CHARS = 12;

  @Override
  protected int run(ApiClient api, Output output) {
    output.list(
        api.get("/v1/definitions"),
        DefinitionView.class,
        new Table("NAME", "VERSION", "REGISTERED", "DIGEST"),
        (definition, table) ->
            table.row(
                definition.name(),
                definition.version(),
                output.ago(definition.registeredAt()),
                definition.digest().substring(0, DIGEST_CHARS)));
    return ExitCode.DONE;
  }
}
