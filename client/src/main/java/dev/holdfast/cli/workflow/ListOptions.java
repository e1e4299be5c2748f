package dev.holdfast.cli.workflow;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.cli.http.ApiClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which executions are listed. */
final class ListOptions {
  private static final int PAGE_MAX = 1000;

  @Option(names = "--status", paramLabel = "STATUS", description = "${COMPLETION-CANDIDATES}")
  private @Nullable ExecutionStatus status;

  @Option(names = "--definition", paramLabel = "NAME", description = "Of this definition.")
  private @Nullable String definition;

  @Option(names = "--session", description = "Of this session.")
  private @Nullable String session;

  @Option(
      names = "--attribute",
      paramLabel = "K=V",
      description = "With this attribute; may be repeated.")
  private Map<String, String> attributes = new LinkedHashMap<>();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many at most. Default: 50.")
  private int limit;

  /** As many as wanted, page by page, newest first. */
  Map<String, @Nullable Object> fetch(ApiClient api) {
    List<Map<String, @Nullable Object>> items = new ArrayList<>();
    Map<String, String> query = query();
    Object cursor = "";
    while (cursor != null && items.size() < limit) {
      query.put("limit", String.valueOf(Math.clamp(limit - items.size(), 1, PAGE_MAX)));
      Map<String, @Nullable Object> page = api.get("/v1/executions" + ApiClient.query(query));
      items.addAll(ApiClient.items(page));
      cursor = page.get("nextCursor");
      query.put("cursor", String.valueOf(cursor));
    }
    return Map.of("items", items);
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    if (status != null) {
      query.put("status", status.name());
    }
    if (definition != null) {
      query.put("definition", definition);
    }
    if (session != null) {
      query.put("session", session);
    }
    attributes.forEach((key, value) -> query.put("attr." + key, value));
    return query;
  }
}
