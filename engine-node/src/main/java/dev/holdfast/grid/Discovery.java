package dev.holdfast.grid;

import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.KubernetesConfig;
import java.util.Map;

/** What a member does to find the others of its cluster where it isn't told their addresses. */
public sealed interface Discovery {

  /** Nothing: the addresses that it was told are all. */
  record None() implements Discovery {}

  /** Calls on the local network, to Hazelcast's own group and port; for development. */
  record Multicast() implements Discovery {}

  /**
   * Looks up every address behind a DNS name: that of a headless Kubernetes service which publishes
   * addresses before they are ready.
   *
   * @param name such as {@code holdfast-members.default.svc.cluster.local}
   */
  record KubernetesDns(String name) implements Discovery {}

  /**
   * Asks the Kubernetes API for the endpoints of a service.
   *
   * @param service its name
   * @param namespace empty: the pod's own
   * @param access where the API is
   */
  record KubernetesApi(String service, String namespace, ApiAccess access) implements Discovery {}

  /**
   * Where the Kubernetes API is, and by what right it is asked; each is empty in a pod, which finds
   * all three by itself.
   *
   * @param url such as {@code https://127.0.0.1:6443}
   * @param token of a service account
   * @param authority the certificate, PEM, that the API's own is signed by
   */
  record ApiAccess(String url, String token, String authority) {
    /** As it is from inside a pod. */
    public static final ApiAccess OF_THE_POD = new ApiAccess("", "", "");
  }

  /**
   * Enables this way in Hazelcast's configuration.
   *
   * @param memberPort this member's; DNS says none, so that it must be that of every member
   */
  default void configure(JoinConfig join, int memberPort) {
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(this instanceof Multicast);
    var kubernetes = join.getKubernetesConfig();
    switch (this) {
      case None _, Multicast _ -> {}
      case KubernetesDns dns ->
          enable(
              kubernetes,
              Map.of("service-dns", dns.name(), "service-port", String.valueOf(memberPort)));
      case KubernetesApi api ->
          enable(
              kubernetes,
              Map.of(
                  "service-name", api.service(),
                  // Members are ready once they have found each other: so before.
                  "resolve-not-ready-addresses", "true",
                  // Else a load balancer or node port is looked for before each pod.
                  "expose-externally", "false",
                  "namespace", api.namespace(),
                  "kubernetes-master", api.access().url(),
                  "api-token", api.access().token(),
                  "ca-certificate", api.access().authority()));
    }
  }

  private static void enable(KubernetesConfig kubernetes, Map<String, String> properties) {
    kubernetes.setEnabled(true);
    properties.forEach((name, value) -> {
      if (!value.isEmpty()) {
        kubernetes.setProperty(name, value);
      }
    });
  }
}
