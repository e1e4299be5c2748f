package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.core.Plan;
import dev.holdfast.grid.Definitions.Registration;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.StoredDefinition;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionRegistryTest {
  private static final String YAML = "application/yaml";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  private final String cluster = "definitions-" + UUID.randomUUID();
  private final List<HazelcastInstance> members = new ArrayList<>();

  @AfterEach
  void leaveNothing() {
    members.forEach(member -> member.getLifecycleService().terminate());
  }

  private HazelcastInstance member() {
    var config = new Config().setClusterName(cluster);
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.addMapConfig(DefinitionRegistry.mapConfig());
    var network = config.getNetworkConfig();
    network.setPort(0).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    var join = network.getJoin().getTcpIpConfig().setEnabled(true);
    members.forEach(member -> {
      var address = member.getCluster().getLocalMember().getAddress();
      join.addMember(address.getHost() + ":" + address.getPort());
    });
    HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
    members.add(member);
    return member;
  }

  private DefinitionRegistry registry(MemoryStateStore store, boolean joined) {
    var registry = new DefinitionRegistry(store, CLOCK);
    if (joined) {
      registry.join(member());
    }
    return registry;
  }

  private static String yaml(String name, String agent) {
    return "name: " + name + "\ntasks: {a: {agent: " + agent + "}}\n";
  }

  private static Registration register(Definitions registry, String agent) {
    return registry.register("acme", "flow", YAML, yaml("flow", agent));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sameContentSameVersionOtherContentTheNext(boolean joined) {
    var store = new MemoryStateStore();
    DefinitionRegistry registry = registry(store, joined);
    Registration first = register(registry, "x");
    assertThat(first.created()).isTrue();
    assertThat(first.definition())
        .isEqualTo(
            new StoredDefinition(
                "acme",
                "flow",
                1,
                first.definition().digest(),
                YAML,
                yaml("flow", "x"),
                CLOCK.instant()));
    assertThat(store.definitions()).containsExactly(first.definition());

    Registration again =
        registry.register(
            "acme",
            "flow",
            "application/json",
            "{\"tasks\": {\"a\": {\"agent\": \"x\"}}, \"name\": \"flow\"}");
    assertThat(again).isEqualTo(new Registration(first.definition(), false));

    assertThat(register(registry, "y").definition().version()).isEqualTo(2);
    assertThat(register(registry, "x")).as("an old one again").isEqualTo(again);
    assertThat(registry.find("acme", "flow", null).orElseThrow().version()).isEqualTo(2);
    assertThat(store.definitions()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onePlanServesAVersion(boolean joined) {
    DefinitionRegistry registry = registry(new MemoryStateStore(), joined);
    register(registry, "x");
    register(registry, "y");
    Plan newest = registry.plan("acme", "flow", null).orElseThrow();
    assertThat(newest.version()).isEqualTo(2);
    assertThat(registry.plan("acme", "flow", 2)).containsSame(newest);
    assertThat(registry.resolve("acme", "flow", 2)).isSameAs(newest);
    assertThat(registry.resolve("acme", "flow", 1).version()).isEqualTo(1);
    assertThat(registry.plan("acme", "flow", 3)).isEmpty();
    assertThat(registry.plan("acme", "other", null)).isEmpty();
    assertThatThrownBy(() -> registry.resolve("acme", "flow", 3))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("acme/flow/3");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tenantsDoNotSeeEachOther(boolean joined) {
    DefinitionRegistry registry = registry(new MemoryStateStore(), joined);
    registry.register("acme", "b", YAML, yaml("b", "x"));
    registry.register("acme", "a", YAML, yaml("a", "x"));
    registry.register("acme", "a", YAML, yaml("a", "y"));
    registry.register("acme-2", "c", YAML, yaml("c", "x"));
    assertThat(registry.list("acme"))
        .extracting(d -> d.name() + d.version())
        .containsExactly("a2", "b1");
    assertThat(registry.list("nobody")).isEmpty();
    assertThat(registry.find("acme", "c", null)).isEmpty();
    assertThat(registry.plan("acme-2", "a", 1)).isEmpty();
  }

  @Test
  void badDefinitionsAreRefusedAndNotKept() {
    var store = new MemoryStateStore();
    DefinitionRegistry registry = registry(store, false);
    assertThatThrownBy(() -> registry.register("acme", "flow", YAML, "name: flow\ntasks: {a: {}}"))
        .isInstanceOfSatisfying(
            InvalidDefinitionException.class,
            e ->
                assertThat(e.errors())
                    .extracting(Definitions.DefinitionError::line)
                    .containsExactly(2));
    assertThatThrownBy(() -> registry.register("acme", "flow", YAML, "a: ["))
        .isInstanceOf(InvalidDefinitionException.class);
    assertThatThrownBy(() -> registry.register("acme", "flow", YAML, yaml("other", "x")))
        .isInstanceOfSatisfying(
            InvalidDefinitionException.class,
            e ->
                assertThat(e.errors())
                    .containsExactly(
                        new Definitions.DefinitionError(
                            "name",
                            1,
                            7,
                            "the definition calls itself 'other', but was sent as 'flow'")));
    assertThat(store.definitions()).isEmpty();
    assertThat(registry.validate(YAML, yaml("any", "x"))).isEmpty();
    assertThat(registry.validate(YAML, "name: x")).isNotEmpty();
    assertThat(registry.validate(YAML, "a: [")).isNotEmpty();
  }

  @Test
  void whatTheStoreHasIsThereBeforeTheGridIs() {
    var store = new MemoryStateStore();
    register(registry(store, false), "x");
    DefinitionRegistry restarted = registry(store, false);
    Plan plan = restarted.resolve("acme", "flow", 1);
    restarted.join(member());
    assertThat(restarted.resolve("acme", "flow", 1)).isSameAs(plan);
    assertThat(register(restarted, "x").created()).isFalse();
    assertThat(register(restarted, "y").definition().version()).isEqualTo(2);
  }

  @Test
  void membersShareOneNumbering() throws Exception {
    var storeA = new MemoryStateStore();
    var storeB = new MemoryStateStore();
    register(registry(storeB, false), "early");
    DefinitionRegistry a = registry(storeA, true);
    DefinitionRegistry b = registry(storeB, true);
    assertThat(a.find("acme", "flow", null).orElseThrow().version()).isEqualTo(1);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var calls =
          Stream.of("p", "q", "r", "s", "p", "q", "r", "s")
              .flatMap(agent -> Stream.of(a, b).map(r -> threads.submit(() -> register(r, agent))))
              .toList();
      for (var call : calls) {
        call.get();
      }
    }
    for (DefinitionRegistry registry : List.of(a, b)) {
      assertThat(registry.plan("acme", "flow", null)).map(Plan::version).isEqualTo(Optional.of(5));
      for (int version = 1; version <= 5; version++) {
        assertThat(registry.resolve("acme", "flow", version).version()).isEqualTo(version);
      }
    }
    assertThat(a.list("acme")).isEqualTo(b.list("acme"));
    await()
        .untilAsserted(() ->
            assertThat(storeA.definitions()).hasSize(5).hasSameElementsAs(storeB.definitions()));
  }

  @Test
  void aNewMemberKeepsWhatTheOthersHave() {
    var storeA = new MemoryStateStore();
    DefinitionRegistry a = registry(storeA, true);
    register(a, "x");
    var storeB = new MemoryStateStore();
    DefinitionRegistry b = registry(storeB, true);
    assertThat(storeB.definitions()).isEqualTo(storeA.definitions());
    await().until(() -> members.getLast().getPartitionService().isClusterSafe());
    members.getFirst().getLifecycleService().terminate();
    assertThat(b.plan("acme", "flow", null)).isPresent();
    assertThat(register(b, "x").created()).isFalse();
  }

  @Test
  void whatTheGridLostTheStoresStillHave() {
    DefinitionRegistry registry = registry(new MemoryStateStore(), true);
    Registration first = register(registry, "x");
    members.getFirst().getMap(DefinitionRegistry.MAP_NAME).clear();
    assertThat(registry.find("acme", "flow", null)).contains(first.definition());
    assertThat(registry.list("acme")).containsExactly(first.definition());
    assertThat(register(registry, "y").definition().version()).isEqualTo(2);
    assertThat(register(registry, "x")).isEqualTo(new Registration(first.definition(), false));
  }

  @Test
  void aVersionThatWasNotListedIsNotLost() {
    DefinitionRegistry registry = registry(new MemoryStateStore(), true);
    register(registry, "x");
    Registration second = register(registry, "y");
    var map = members.getFirst().<String, Object>getMap(DefinitionRegistry.MAP_NAME);
    Object listed = map.get("acme/flow");
    Registration third = register(registry, "z");
    // As if the member had died between its two writes, twice.
    map.set("acme/flow", listed);
    assertThat(register(registry, "z")).isEqualTo(new Registration(third.definition(), false));
    assertThat(register(registry, "w").definition().version()).isEqualTo(4);
    assertThat(registry.find("acme", "flow", 2)).contains(second.definition());
  }
}
