package dev.holdfast.node.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Builds what {@code kubectl kustomize} builds, of the features that {@code k8s/} uses: resources,
 * components, config maps of files, JSON patches (RFC 6902). Anything else is refused, so that
 * nothing is left out unseen. Config maps keep their names here; kustomize adds a hash.
 */
final class Kustomize {
  static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> KNOWN =
      Set.of("apiVersion", "kind", "resources", "components", "configMapGenerator", "patches");

  private final List<ObjectNode> objects = new ArrayList<>();

  private Kustomize() {}

  /** All objects of an overlay; {@code components} are added as if it named them. */
  static List<ObjectNode> build(Path overlay, Path... components) throws IOException {
    var kustomize = new Kustomize();
    kustomize.add(overlay);
    for (Path component : components) {
      kustomize.add(component);
    }
    return kustomize.objects;
  }

  private void add(Path folder) throws IOException {
    JsonNode file = YAML.readTree(folder.resolve("kustomization.yaml").toFile());
    for (String field : (Iterable<String>) file::fieldNames) {
      if (!KNOWN.contains(field)) {
        throw new IllegalArgumentException(field + " is not built here, but used in " + folder);
      }
    }
    for (JsonNode resource : file.path("resources")) {
      Path path = folder.resolve(resource.asText()).normalize();
      if (Files.isDirectory(path)) {
        add(path);
      } else {
        objects.addAll(documents(path));
      }
    }
    for (JsonNode component : file.path("components")) {
      add(folder.resolve(component.asText()).normalize());
    }
    for (JsonNode map : file.path("configMapGenerator")) {
      objects.add(configMap(folder, map));
    }
    for (JsonNode patch : file.path("patches")) {
      apply(patch);
    }
  }

  private static List<ObjectNode> documents(Path file) throws IOException {
    var documents = new ArrayList<ObjectNode>();
    try (var values = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(file.toFile())) {
      values.forEachRemaining(documents::add);
    }
    return documents;
  }

  private static ObjectNode configMap(Path folder, JsonNode generator) throws IOException {
    var map = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata").put("name", generator.get("name").asText());
    ObjectNode data = map.putObject("data");
    for (JsonNode file : generator.get("files")) {
      data.put(file.asText(), Files.readString(folder.resolve(file.asText())));
    }
    return map;
  }

  private void apply(JsonNode patch) throws IOException {
    JsonNode target = patch.get("target");
    JsonNode operations = YAML.readTree(patch.get("patch").asText());
    int applied = 0;
    for (int i = 0; i < objects.size(); i++) {
      ObjectNode object = objects.get(i);
      if (object.get("kind").equals(target.get("kind"))
          && object.at("/metadata/name").equals(target.get("name"))) {
        objects.set(i, (ObjectNode) JsonPatch.apply(operations, object));
        applied++;
      }
    }
    if (applied != 1) {
      throw new IllegalArgumentException(applied + " objects for the patch of " + target);
    }
  }
}
