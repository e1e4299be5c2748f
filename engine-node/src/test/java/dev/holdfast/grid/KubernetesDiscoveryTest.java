package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.node.process.FreePorts;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceListBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Members that know nothing of each other but a service's name, and a Kubernetes API that knows the
 * endpoints behind it. It answers as it does to the account in {@code k8s/base}: no word of nodes.
 */
class KubernetesDiscoveryTest {
  private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/flows/endpointslices";

  private final MockWebServer kubernetes = new MockWebServer();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final List<GridEngine> members = new ArrayList<>();
  private final String cluster = "test-" + UUID.randomUUID();
  private final List<Integer> ports = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 3; i++) {
      ports.add(FreePorts.oneOn("127.0.0.1"));
    }
    kubernetes.useHttps();
    kubernetes.setDispatcher(new Answers());
    kubernetes.start(InetAddress.getLoopbackAddress(), 0);
  }

  @AfterEach
  void stop() {
    members.forEach(GridEngine::close);
    kubernetes.shutdown();
  }

  @Test
  void membersFindEachOtherByTheServicesEndpoints() throws Exception {
    var discovery =
        new Discovery.KubernetesApi(
            "holdfast-members",
            "flows",
            new Discovery.ApiAccess(
                "https://localhost:" + kubernetes.getPort(),
                "the-token",
                Files.readString(
                    Path.of(kubernetes.getSelfSignedCertificate().certificatePath()))));

    ports.stream()
        .map(port ->
            CompletableFuture.supplyAsync(
                () -> member(port, discovery), Thread::startVirtualThread))
        .toList()
        .forEach(start -> members.add(start.join()));

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(members)
                .allMatch(GridEngine::isOpen)
                .allSatisfy(member ->
                    assertThat(member.hazelcast().getCluster().getMembers())
                        .extracting(other -> other.getSocketAddress().getPort())
                        .containsExactlyInAnyOrderElementsOf(ports)));
    assertThat(asked)
        .contains(SLICES + "?labelSelector=kubernetes.io/service-name=holdfast-members");
  }

  private GridEngine member(int port, Discovery discovery) {
    GridSettings settings =
        GridSettings.of(cluster, "test")
            .port(port)
            .clusterSize(ports.size())
            .discovery(discovery)
            .build();
    return new GridEngine(settings, new MemoryStateStore(), InstantSource.system());
  }

  private final class Answers extends Dispatcher {
    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String path = request.getPath();
      asked.add(path);
      if (!"Bearer the-token".equals(request.getHeader("Authorization"))) {
        return refusal(401, "Unauthorized");
      }
      if (path.startsWith(SLICES)) {
        return answer(
            new EndpointSliceListBuilder()
                .withItems(ports.stream().map(KubernetesDiscoveryTest::slice).toList())
                .build());
      }
      if (path.startsWith("/api/v1/namespaces/flows/pods/")) {
        return answer(new PodBuilder().withNewSpec().withNodeName("worker-1").endSpec().build());
      }
      return refusal(403, "Forbidden");
    }

    private static MockResponse answer(Object body) {
      return new MockResponse().setResponseCode(200).setBody(Serialization.asJson(body));
    }

    private static MockResponse refusal(int code, String reason) {
      return answer(new StatusBuilder().withCode(code).withReason(reason).build())
          .setResponseCode(code);
    }
  }

  /** One a member, since they share an address here and a slice's ports are those of all in it. */
  private static EndpointSlice slice(int port) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName("holdfast-members-" + port)
        .addToLabels("kubernetes.io/service-name", "holdfast-members")
        .endMetadata()
        .withAddressType("IPv4")
        .addNewPort()
        .withName("member")
        .withPort(port)
        .endPort()
        .addNewEndpoint()
        .withAddresses("127.0.0.1")
        .withNewConditions()
        // Not before it has found the others.
        .withReady(false)
        .endConditions()
        .endEndpoint()
        .build();
  }
}
