package dev.holdfast.testkit.examples;

import dev.holdfast.api.Durations;
import dev.holdfast.api.JsonConversion;
import dev.holdfast.api.OverlapPolicy;
import dev.holdfast.api.ScheduleSpec;
import dev.holdfast.testkit.TestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The folder {@code examples/}. */
final class ExampleFiles {
  private static final Path FOLDER = Path.of("..", "examples");

  private ExampleFiles() {}

  /** All workflows in it, by their path within. */
  static List<String> workflows() throws IOException {
    try (var files = Files.walk(FOLDER)) {
      return files
          .map(file -> FOLDER.relativize(file).toString())
          .filter(file -> file.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  /** What the schedule in that file is to do. */
  static ScheduleSpec schedule(String file) throws IOException {
    JsonNode fields = new YAMLMapper().readTree(FOLDER.resolve(file).toFile());
    ScheduleSpec spec =
        ScheduleSpec.of(fields.get("cron").asString(), fields.get("definition").asString())
            .input(JsonConversion.of(fields.get("input")))
            .overlap(overlap(fields.get("overlap").asString()))
            .catchUp(Durations.parse(fields.get("catchUp").asString()));
    return fields.has("zone") ? spec.zone(fields.get("zone").asString()) : spec;
  }

  private static OverlapPolicy overlap(String text) {
    return Stream.of(OverlapPolicy.values())
        .filter(policy -> policy.text().equals(text))
        .findFirst()
        .orElseThrow();
  }

  /** A kit that knows these. */
  static TestKit kit(String... files) {
    TestKit kit = TestKit.create();
    for (String file : files) {
      kit.register(FOLDER.resolve(file));
    }
    return kit;
  }
}
