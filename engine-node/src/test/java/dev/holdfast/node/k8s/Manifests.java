package dev.holdfast.node.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An overlay's objects, read strictly: a field that Kubernetes does not have is an error. */
record Manifests(List<HasMetadata> objects) {
  static final Path FOLDER = Path.of("../k8s");

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Stream.of(
              ConfigMap.class,
              Deployment.class,
              NetworkPolicy.class,
              PodDisruptionBudget.class,
              Role.class,
              RoleBinding.class,
              Service.class,
              ServiceAccount.class,
              StatefulSet.class)
          .collect(
              Collectors.toMap(
                  type -> HasMetadata.getApiVersion(type) + ' ' + HasMetadata.getKind(type),
                  Function.identity()));

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new WithoutAnySetters())
          .build();

  static Manifests of(String overlay, String... components) throws IOException {
    Path[] folders =
        Stream.of(components).map(FOLDER.resolve("components")::resolve).toArray(Path[]::new);
    List<ObjectNode> built = Kustomize.build(FOLDER.resolve("overlays").resolve(overlay), folders);
    return new Manifests(built.stream().map(Manifests::read).toList());
  }

  static HasMetadata read(ObjectNode object) {
    String kind = object.path("apiVersion").asText() + ' ' + object.path("kind").asText();
    Class<? extends HasMetadata> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException("no such kind is expected: " + kind);
    }
    try {
      return STRICT.treeToValue(object, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(kind + ' ' + object.at("/metadata/name") + ": " + e, e);
    }
  }

  <T> List<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T extends HasMetadata> T named(Class<T> type, String name) {
    return all(type).stream()
        .filter(object -> object.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + ' ' + name));
  }

  StatefulSet members() {
    return named(StatefulSet.class, "holdfast");
  }

  Container member() {
    return members().getSpec().getTemplate().getSpec().getContainers().getFirst();
  }

  Map<String, String> memberLabels() {
    return members().getSpec().getTemplate().getMetadata().getLabels();
  }

  /** The variables that are given in the manifest itself; those of secrets get {@code secret}. */
  Map<String, String> environment(String secret) {
    var environment = new HashMap<String, String>();
    member()
        .getEnv()
        .forEach(variable ->
            environment.put(
                variable.getName(),
                variable.getValueFrom() == null ? variable.getValue() : secret));
    return environment;
  }

  /** The port of a container that has this name. */
  static int port(Container container, String name) {
    return container.getPorts().stream()
        .filter(port -> port.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no port " + name))
        .getContainerPort();
  }

  /** The models take unknown fields by any-setters; without these they are refused. */
  private static final class WithoutAnySetters extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated member) {
      return false;
    }
  }
}
