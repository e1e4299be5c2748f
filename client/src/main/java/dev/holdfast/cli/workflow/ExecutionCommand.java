package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionView;
import dev.holdfast.cli.ApiCommand;
import dev.holdfast.cli.http.ApiClient;
import dev.holdfast.cli.output.Output;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command about one execution. */
abstract class ExecutionCommand extends ApiCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "The execution's id.")
  private String id = "";

  final String id() {
    return id;
  }

  final String path() {
    return "/v1/executions/" + ApiClient.escaped(id);
  }

  /** Posts the fields that are not null; prints the status that it has then. */
  final void control(
      ApiClient api, Output output, String verb, Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>(fields);
    body.values().removeIf(value -> value == null || Boolean.FALSE.equals(value));
    send(api, output, verb, body);
  }

  /** Posts the body; prints the status that it has then. */
  final void send(ApiClient api, Output output, String below, @Nullable Object body) {
    Map<String, @Nullable Object> answer = api.post(path() + '/' + below, body);
    output.answer(
        answer, ExecutionView.class, (view, out) -> out.line(id + " is " + view.status()));
  }

  /** Names and values in turns. */
  static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return fields;
  }
}
