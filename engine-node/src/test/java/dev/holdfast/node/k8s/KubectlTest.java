package dev.holdfast.node.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tests read is what the real kustomize builds, where kubectl is there to say so. */
class KubectlTest {
  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void kubectlBuildsTheSame(String overlay) throws IOException, InterruptedException {
    Path folder = Manifests.FOLDER.resolve("overlays").resolve(overlay);
    String built = kubectl(folder);
    var objects = new ArrayList<ObjectNode>();
    try (var values =
        Kustomize.YAML
            .readerFor(ObjectNode.class)
            .<ObjectNode>readValues(
                built.replaceAll("holdfast-config-[a-z0-9]+", "holdfast-config"))) {
      values.forEachRemaining(objects::add);
    }
    assertThat(byName(objects)).isEqualTo(byName(Kustomize.build(folder)));
  }

  private static String kubectl(Path folder) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder("kubectl", "kustomize", folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      assumeThat(false).as("kubectl is not here: " + e.getMessage()).isTrue();
      throw e;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }

  private static TreeMap<String, ObjectNode> byName(List<ObjectNode> objects) {
    var named = new TreeMap<String, ObjectNode>();
    objects.forEach(object ->
        named.put(
            object.get("kind").asText() + '/' + object.at("/metadata/name").asText(), object));
    return named;
  }
}
