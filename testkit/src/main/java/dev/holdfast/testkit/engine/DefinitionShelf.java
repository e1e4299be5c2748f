package dev.holdfast.testkit.engine;

import dev.holdfast.api.DefinitionProblem;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.core.Plan;
import dev.holdfast.core.definition.DefinitionCompiler;
import dev.holdfast.core.definition.SourceNode;
import dev.holdfast.journal.codec.DefinitionDigest;
import dev.holdfast.journal.codec.DefinitionReader;
import dev.holdfast.journal.codec.SchemaCompiler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registered definitions: read, checked and compiled as a node does. */
public final class DefinitionShelf {
  private record Shelved(String digest, Plan plan) {}

  private final SchemaCompiler schemas = new SchemaCompiler();
  private final Map<String, List<Shelved>> versions = new LinkedHashMap<>();

  /**
   * Registers a definition: the same content keeps its version, other content gets the next.
   *
   * @param source where the text is from, for the message of an error
   * @throws InvalidRequestException when it has errors: all of them, with their places
   */
  public Plan register(String mediaType, String text, String source) {
    SourceNode root =
        switch (DefinitionReader.read(mediaType, text)) {
          case DefinitionReader.Read read -> read.root();
          case DefinitionReader.Unreadable unreadable ->
              throw invalid(source, unreadable.problems());
        };
    String digest = DefinitionDigest.of(root);
    Plan checked = compile(root, 1, source);
    List<Shelved> known = versions.computeIfAbsent(checked.name(), name -> new ArrayList<>());
    for (Shelved one : known) {
      if (one.digest().equals(digest)) {
        return one.plan();
      }
    }
    Plan plan = known.isEmpty() ? checked : compile(root, known.size() + 1, source);
    known.add(new Shelved(digest, plan));
    return plan;
  }

  private Plan compile(SourceNode root, int version, String source) {
    return switch (DefinitionCompiler.compile(root, version, schemas)) {
      case DefinitionCompiler.Compiled compiled -> compiled.plan();
      case DefinitionCompiler.Refused refused -> throw invalid(source, refused.problems());
    };
  }

  private static InvalidRequestException invalid(
      String source, List<dev.holdfast.core.definition.DefinitionProblem> found) {
    List<DefinitionProblem> problems =
        found.stream()
            .map(p -> new DefinitionProblem(p.path(), p.line(), p.column(), p.message()))
            .toList();
    String lines =
        problems.stream()
            .map(p -> "%n  %d:%d %s %s".formatted(p.line(), p.column(), p.path(), p.message()))
            .collect(Collectors.joining());
    return new InvalidRequestException(
        "invalid-definition", source + " has errors:" + lines, problems);
  }

  /**
   * One version of a definition.
   *
   * @param version null: the newest
   * @throws NotFoundException when it is not registered
   */
  public Plan find(String name, @Nullable Integer version) {
    return lookUp(name, version)
        .orElseThrow(() ->
            new NotFoundException(
                "definition-not-found",
                "no definition '%s'%s is registered with this kit, there is: %s"
                    .formatted(
                        name, version == null ? "" : " in version " + version, versions.keySet())));
  }

  /** The same, empty when it is not registered. */
  Optional<Plan> lookUp(String name, @Nullable Integer version) {
    List<Shelved> known = versions.getOrDefault(name, List.of());
    int wanted = version == null ? known.size() : version;
    return wanted < 1 || wanted > known.size()
        ? Optional.empty()
        : Optional.of(known.get(wanted - 1).plan());
  }
}
