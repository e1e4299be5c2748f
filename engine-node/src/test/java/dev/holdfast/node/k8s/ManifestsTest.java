package dev.holdfast.node.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.node.config.NodeConfig;
import dev.holdfast.node.config.Setting;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ManifestsTest {
  private static final String SECRET = "jdbc:postgresql://db.example:5432/holdfast";

  @TempDir Path folder;

  @Test
  void aFieldThatKubernetesDoesNotHaveIsRefused() throws IOException {
    var service =
        (ObjectNode)
            Kustomize.YAML.readTree(
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selektor: {a: b}}}");
    assertThatThrownBy(() -> Manifests.read(service)).hasMessageContaining("selektor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void namesAreUniqueAndEverythingIsLabelled(String overlay) throws IOException {
    var objects = Manifests.of(overlay, "management-center").objects();
    assertThat(objects)
        .hasSizeGreaterThan(9)
        .extracting(object -> object.getKind() + '/' + object.getMetadata().getName())
        .doesNotHaveDuplicates();
    assertThat(objects)
        .filteredOn(object -> !(object instanceof ConfigMap))
        .allSatisfy(object ->
            assertThat(object.getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/name", "holdfast"));
    assertThat(objects)
        .allSatisfy(object -> assertThat(object.getMetadata().getNamespace()).isNull());
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void settingsAreRealAndFitTheRestOfTheManifest(String overlay) throws IOException {
    var manifests = Manifests.of(overlay);
    var environment = manifests.environment(SECRET);
    assertThat(NodeConfig.SETTINGS)
        .extracting(Setting::environmentVariable)
        .containsAll(environment.keySet());

    NodeConfig config = NodeConfig.read(Map.of(), environment, configFile(manifests));
    Container member = manifests.member();
    assertThat(config.httpPort()).isEqualTo(Manifests.port(member, "http"));
    assertThat(config.memberPort()).isEqualTo(Manifests.port(member, "member"));
    assertThat(config.bind()).isEqualTo("0.0.0.0");
    assertThat(Math.max(1, config.clusterSize()))
        .isEqualTo(manifests.members().getSpec().getReplicas());
    assertThat(member.getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .contains(config.data().toString());
    boolean shared = config.store() == NodeConfig.StoreKind.POSTGRES;
    assertThat(overlay.endsWith("-postgres")).isEqualTo(shared);
    assertThat(manifests.members().getSpec().getVolumeClaimTemplates().isEmpty()).isEqualTo(shared);
    if (config.clusterSize() > 1) {
      assertThat(config.discovery()).isEqualTo(NodeConfig.DiscoveryKind.KUBERNETES);
      Service service = manifests.named(Service.class, config.kubernetesServiceName());
      assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
      assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
    }
  }

  private Path configFile(Manifests manifests) throws IOException {
    var data = manifests.named(ConfigMap.class, "holdfast-config").getData();
    assertThat(data).containsOnlyKeys("holdfast.yaml", "jvm.options");
    return Files.writeString(folder.resolve("holdfast.yaml"), data.get("holdfast.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void selectorsFindTheMembersAndPortsHaveNames(String overlay) throws IOException {
    var manifests = Manifests.of(overlay);
    var labels = manifests.memberLabels();
    var spec = manifests.members().getSpec();
    assertThat(spec.getSelector().getMatchLabels()).isEqualTo(labels);
    assertThat(spec.getServiceName()).isEqualTo("holdfast-members");
    assertThat(spec.getPodManagementPolicy()).isEqualTo("Parallel");
    assertThat(spec.getTemplate().getSpec().getTopologySpreadConstraints())
        .isNotEmpty()
        .allSatisfy(constraint ->
            assertThat(constraint.getLabelSelector().getMatchLabels()).isEqualTo(labels));
    assertThat(manifests.all(PodDisruptionBudget.class))
        .singleElement()
        .satisfies(budget ->
            assertThat(budget.getSpec().getSelector().getMatchLabels()).isEqualTo(labels));
    assertThat(manifests.all(Service.class))
        .hasSize(2)
        .allSatisfy(service -> {
          assertThat(service.getSpec().getSelector()).isEqualTo(labels);
          assertThat(service.getSpec().getPorts())
              .allSatisfy(port ->
                  assertThat(Manifests.port(manifests.member(), port.getTargetPort().getStrVal()))
                      .isEqualTo(port.getPort()));
        });
    assertThat(manifests.members().getSpec().getTemplate().getMetadata().getAnnotations())
        .containsEntry(
            "prometheus.io/port", String.valueOf(Manifests.port(manifests.member(), "http")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void theMemberPortIsForMembersAndLabelledClients(String overlay) throws IOException {
    var manifests = Manifests.of(overlay, "management-center");
    var policy = manifests.all(NetworkPolicy.class).getFirst().getSpec();
    assertThat(policy.getPodSelector().getMatchLabels()).isEqualTo(manifests.memberLabels());
    assertThat(policy.getPolicyTypes()).containsExactly("Ingress");
    var member = rule(policy.getIngress(), Manifests.port(manifests.member(), "member"));
    assertThat(member.getFrom())
        .allSatisfy(peer -> assertThat(peer.getPodSelector()).isNotNull())
        .extracting(peer -> peer.getPodSelector().getMatchLabels())
        .containsExactly(manifests.memberLabels(), Map.of("holdfast.dev/client", "true"));
    assertThat(rule(policy.getIngress(), Manifests.port(manifests.member(), "http")).getFrom())
        .isEmpty();
    var centre = manifests.all(Deployment.class).getFirst().getSpec().getTemplate();
    assertThat(centre.getMetadata().getLabels()).containsEntry("holdfast.dev/client", "true");
    assertThat(centre.getSpec().getContainers().getFirst().getEnv())
        .extracting(variable -> variable.getName() + '=' + variable.getValue())
        .contains(
            "MC_DEFAULT_CLUSTER=" + NodeConfig.read(Map.of(), Map.of(), null).clusterName(),
            "MC_DEFAULT_CLUSTER_MEMBERS=holdfast-members:"
                + Manifests.port(manifests.member(), "member"));
  }

  private static NetworkPolicyIngressRule rule(List<NetworkPolicyIngressRule> rules, int port) {
    return rules.stream()
        .filter(rule ->
            rule.getPorts().stream().allMatch(one -> one.getPort().getIntVal().equals(port)))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void probesAskForPathsThatAreServed(String overlay) throws IOException {
    var manifests = Manifests.of(overlay);
    Container member = manifests.member();
    JsonNode paths = openApiPaths();
    assertThat(
            Stream.of(
                    member.getStartupProbe(), member.getLivenessProbe(), member.getReadinessProbe())
                .map(Probe::getHttpGet))
        .allSatisfy(get -> {
          assertThat(get.getPort().getStrVal()).isEqualTo("http");
          assertThat(paths.path(get.getPath()).has("get")).isTrue();
        })
        .extracting(HTTPGetAction::getPath)
        .containsExactly("/health/live", "/health/live", "/health/ready");
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void aPodDrainsBeforeItIsStopped(String overlay) throws IOException {
    var manifests = Manifests.of(overlay);
    String command =
        manifests.member().getLifecycle().getPreStop().getExec().getCommand().getLast();
    var drain =
        Pattern.compile("http://127.0.0.1:(\\d+)(/v1/\\S+)\\?wait=(\\d+)s").matcher(command);
    assertThat(drain.find()).isTrue();
    assertThat(command).contains("-X POST").endsWith("|| true");
    assertThat(Integer.parseInt(drain.group(1)))
        .isEqualTo(Manifests.port(manifests.member(), "http"));
    assertThat(openApiPaths().path(drain.group(2)).has("post")).isTrue();
    assertThat(Long.parseLong(drain.group(3)))
        .isLessThan(
            manifests.members().getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds()
                - 30);
  }

  static JsonNode openApiPaths() throws IOException {
    try (InputStream in =
        ManifestsTest.class.getResourceAsStream("/dev/holdfast/gateway/openapi.json")) {
      return JsonMapper.shared().readTree(in).get("paths");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void everyMountHasItsVolumeAndThoseOfStateAreKept(String overlay) throws IOException {
    var manifests = Manifests.of(overlay);
    var spec = manifests.members().getSpec();
    var volumes =
        Stream.concat(
                spec.getTemplate().getSpec().getVolumes().stream().map(volume -> volume.getName()),
                spec.getVolumeClaimTemplates().stream().map(claim -> claim.getMetadata().getName()))
            .toList();
    assertThat(volumes).containsExactlyInAnyOrder("config", "tmp", "data");
    assertThat(manifests.member().getVolumeMounts())
        .extracting(VolumeMount::getName)
        .containsExactlyInAnyOrderElementsOf(volumes);
    if (!spec.getVolumeClaimTemplates().isEmpty()) {
      assertThat(spec.getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
          .isEqualTo("Retain");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"single", "cluster", "cluster-postgres"})
  void membersRunWithoutRights(String overlay) throws IOException {
    var manifests = Manifests.of(overlay);
    var pod = manifests.members().getSpec().getTemplate().getSpec();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getFsGroup())
        .isEqualTo(pod.getSecurityContext().getRunAsUser());
    assertThat(pod.getEnableServiceLinks()).isFalse();
    var container = manifests.member().getSecurityContext();
    assertThat(container.getReadOnlyRootFilesystem()).isTrue();
    assertThat(container.getAllowPrivilegeEscalation()).isFalse();
    assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
    var limits = manifests.member().getResources();
    assertThat(limits.getRequests()).containsKeys("cpu", "memory");
    assertThat(limits.getLimits()).containsKey("memory");

    var binding = manifests.all(RoleBinding.class).getFirst();
    assertThat(binding.getSubjects().getFirst().getName()).isEqualTo(pod.getServiceAccountName());
    assertThat(manifests.named(Role.class, binding.getRoleRef().getName()).getRules())
        .allSatisfy(rule -> assertThat(rule.getVerbs()).containsExactly("get", "list"))
        .anySatisfy(rule -> assertThat(rule.getResources()).contains("endpointslices"));
  }
}
