package dev.holdfast.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.grid.DispatchSettings;
import dev.holdfast.grid.RateLimit;
import dev.holdfast.node.config.NodeConfig.StoreKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigTest {
  private static final Path SHIPPED = Path.of("../config/holdfast.yaml");

  @TempDir Path folder;

  @Test
  void shippedFileListsEverySettingWithItsDefaultAndVariable() throws IOException {
    var values = ConfigurationFile.read(SHIPPED);
    String text = Files.readString(SHIPPED);
    assertThat(values.keySet())
        .containsExactlyElementsOf(NodeConfig.SETTINGS.stream().map(Setting::key).toList());
    for (Setting<?> setting : NodeConfig.SETTINGS) {
      assertThat(values).containsEntry(setting.key(), setting.defaultText());
      assertThat(text).containsPattern("# " + setting.environmentVariable() + "(,|\\s)");
    }
    assertThat(NodeConfig.read(Map.of(), Map.of(), SHIPPED))
        .isEqualTo(NodeConfig.read(Map.of(), Map.of(), null));
  }

  @Test
  void aMappingIsReadFromTheFileAndFromOneLine() throws IOException {
    Path file = write("dispatch: {rateLimits: {openai: 10/s, crawler: 600/m}, queueMax: 5}\n");
    var environment = Map.of("HOLDFAST_DISPATCH_TENANT_WEIGHTS", "acme=3, other=1");
    DispatchSettings dispatch = NodeConfig.read(Map.of(), environment, file).dispatch();
    assertThat(dispatch.rateLimits())
        .containsOnly(
            Map.entry("openai", RateLimit.parse("10/s")),
            Map.entry("crawler", RateLimit.parse("600/m")));
    assertThat(dispatch.tenantWeights()).containsOnly(Map.entry("acme", 3), Map.entry("other", 1));
    assertThat(dispatch.queueMax()).isEqualTo(5);

    Path wrong = write("dispatch: {rateLimits: {openai: 10 a second}}\n");
    assertThatThrownBy(() -> NodeConfig.read(Map.of(), Map.of(), wrong))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("dispatch.rateLimits");
  }

  @Test
  void flagWinsOverEnvironmentOverFileOverDefault() throws IOException {
    Path file = write("http: {port: 1111}\nmember: {port: 2222}\ncluster: {name: from-file}\n");
    var environment = Map.of("HOLDFAST_HTTP_PORT", "3333", "HOLDFAST_MEMBER_PORT", "4444");
    var config = NodeConfig.read(Map.of("http.port", "5555"), environment, file);
    assertThat(config.httpPort()).isEqualTo(5555);
    assertThat(config.memberPort()).isEqualTo(4444);
    assertThat(config.clusterName()).isEqualTo("from-file");
    assertThat(config.store()).isEqualTo(StoreKind.SQLITE);
  }

  @Test
  void everyErrorIsToldAtOnceWithKeyValueOriginAndRange() throws IOException {
    Path file = write("http: {port: 70000, prot: 1}\nstore: {kind: oracle}\n");
    var environment = Map.of("HOLDFAST_MEMBER_PORT", "many");
    var flags = Map.of("cluster.name", "no spaces");
    assertThatThrownBy(() -> NodeConfig.read(flags, environment, file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "http.port: '70000' (in " + file + ") is not a TCP port (0: any free one), 0 to 65535",
            "http.prot: no such setting (in " + file + ")",
            "store.kind: 'oracle' (in " + file + ") is not sqlite, postgres or memory",
            "member.port: 'many' (HOLDFAST_MEMBER_PORT) is not a TCP port",
            "cluster.name: 'no spaces' (--cluster-name) is not 1 to 63 of");
  }

  @Test
  void discoveryNeedsASizeAndOneServiceAndNoAddresses() {
    var flags = Map.of("cluster.discovery", "kubernetes", "cluster.join", "a:5701");
    assertThatThrownBy(() -> NodeConfig.read(flags, Map.of(), null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("cluster.join:", "cluster.size:", "cluster.kubernetes:");
    var config =
        NodeConfig.read(
            Map.of("cluster.discovery", "kubernetes", "cluster.size", "3"),
            Map.of("HOLDFAST_CLUSTER_KUBERNETES_SERVICE_NAME", "holdfast-members"),
            null);
    assertThat(config.discovery()).isEqualTo(NodeConfig.DiscoveryKind.KUBERNETES);
    assertThat(config.kubernetesServiceName()).isEqualTo("holdfast-members");
  }

  @Test
  void databaseNeedsAUrlAndShowsNoPassword() throws IOException {
    assertThatThrownBy(() -> NodeConfig.read(Map.of("store.kind", "postgres"), Map.of(), null))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("store.url:", "jdbc:postgresql://localhost/holdfast");
    Path secret = Files.writeString(folder.resolve("secret"), "hunter2\n");
    var flags = Map.of("store.kind", "postgres", "store.url", "jdbc:postgresql://db/holdfast");
    var environment =
        Map.of("HOLDFAST_STORE_USER", "ann", "HOLDFAST_STORE_PASSWORD_FILE", secret.toString());
    var config = NodeConfig.read(flags, environment, null);
    assertThat(config.database().settings().user()).isEqualTo("ann");
    assertThat(config.database().settings().password()).isEqualTo("hunter2");
    var inline = NodeConfig.read(flags, Map.of("HOLDFAST_STORE_PASSWORD", "hunter2"), null);
    assertThat(inline.database().settings().password()).isEqualTo("hunter2");
    assertThat(inline.toString())
        .contains("jdbc:postgresql://db/holdfast")
        .doesNotContain("hunter");
    var both = new HashMap<>(environment);
    both.put("HOLDFAST_STORE_PASSWORD", "x");
    assertThatThrownBy(() -> NodeConfig.read(flags, both, null))
        .hasMessageContaining("store.passwordFile:");
  }

  @Test
  void unreadableFilesAreNamed() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThatThrownBy(() -> NodeConfig.read(Map.of(), Map.of(), missing))
        .hasMessage("config: can't read the file " + missing);
    for (String broken : List.of("http: [", "- a list", "text")) {
      Path file = write(broken);
      assertThatThrownBy(() -> NodeConfig.read(Map.of(), Map.of(), file))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(file.toString());
    }
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("holdfast.yaml"), content);
  }
}
