package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.core.Command;
import dev.holdfast.core.Rejection;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.memory.MemoryStateStore;
import dev.holdfast.node.chaos.cluster.LoopbackLinks;
import dev.holdfast.node.process.FreePorts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three members, one of which can't reach the others any more, and later can. */
class SplitBrainTest {
  private static final Duration DETECTED = Duration.ofSeconds(40);
  private static final Duration HEALED = Duration.ofSeconds(60);
  private static final String YAML = "name: s\ntasks: { only: { agent: nobody } }\n";

  private static final String LATER = YAML.replace("name: s", "name: later");

  private final LoopbackLinks links = new LoopbackLinks();
  private final List<GridEngine> members = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    String name = "test-" + UUID.randomUUID();
    List<Integer> ports =
        IntStream.range(0, 3).mapToObj(i -> FreePorts.oneOn(links.host(i))).toList();
    List<String> addresses =
        IntStream.range(0, 3).mapToObj(i -> links.advertised(i, ports.get(i))).toList();
    var starts =
        IntStream.range(0, 3)
            .mapToObj(i ->
                CompletableFuture.supplyAsync(
                    () ->
                        new GridEngine(
                            settings(name, i, ports.get(i), addresses),
                            new MemoryStateStore(),
                            InstantSource.system()),
                    Thread::startVirtualThread))
            .toList();
    starts.forEach(one -> members.add(one.join()));
    await().atMost(DETECTED).until(() -> members.stream().allMatch(this::isWholeAndOpen));
    members.getFirst().definitions().register(TestMember.TENANT, "s", "application/yaml", YAML);
  }

  private GridSettings settings(String name, int member, int port, List<String> addresses) {
    return GridSettings.of(name, "test")
        .bindAddress(links.host(member))
        .port(port)
        .join(addresses)
        .clusterSize(3)
        .publicAddress(addresses.get(member))
        .build();
  }

  @AfterEach
  void stop() {
    links.heal();
    members.forEach(GridEngine::close);
    links.close();
  }

  @Test
  void minorityRefusesAndNothingOfItSurvivesTheMerge() {
    GridEngine cutOff = members.get(2);
    UUID before = cutOff.hazelcast().getCluster().getLocalMember().getUuid();
    assertThat(start(members.get(0), "cancelled-meanwhile")).isInstanceOf(Outcome.Done.class);
    List<String> parked = IntStream.range(0, 30).mapToObj(i -> "parked-" + i).toList();
    parked.forEach(id -> assertThat(start(members.get(0), id)).isInstanceOf(Outcome.Done.class));
    await().atMost(DETECTED).until(() -> cutOff.liveCount() > 0);
    long epoch = members.get(0).control().standing().epoch();

    links.cut(0, 2);
    links.cut(1, 2);
    await().atMost(DETECTED).until(() -> epochOf(cutOff) == Epochs.NONE);
    assertThat(epochOf(members.get(0))).as("the others have not gone on yet").isEqualTo(epoch);
    await().atMost(DETECTED).until(() -> stateOf(cutOff) == ClusterState.NO_QUORUM);
    await().atMost(DETECTED).until(() -> members.get(0).control().standing().epoch() > epoch);
    assertThat(start(cutOff, "refused"))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            no -> assertThat(no.rejection().code()).isEqualTo(Rejection.Code.NO_QUORUM));
    assertThat(cutOff.control().refusal()).isPresent();
    assertThat(cancel(members.get(1), "cancelled-meanwhile")).isInstanceOf(Outcome.Done.class);
    assertThat(start(members.get(1), "started-meanwhile")).isInstanceOf(Outcome.Done.class);

    assertThatThrownBy(() -> cutOff.find(TestMember.key("started-meanwhile")))
        .as("whether it is there is not for the cut-off member to say")
        .isInstanceOf(StoreException.class);

    members.get(1).definitions().register(TestMember.TENANT, "later", "application/yaml", LATER);

    links.heal();
    await().atMost(HEALED).until(() -> members.stream().allMatch(this::isWholeAndOpen));
    assertThat(cutOff.hazelcast().getCluster().getLocalMember().getUuid()).isNotEqualTo(before);
    assertThat(members)
        .allSatisfy(one ->
            assertThat(one.control().standing().epoch())
                .isEqualTo(cutOff.control().standing().epoch()));
    var executions = cutOff.hazelcast().getMap(MemberConfig.EXECUTIONS);
    await()
        .atMost(HEALED)
        .untilAsserted(() ->
            assertThat(executions.keySet())
                .containsExactlyInAnyOrderElementsOf(
                    Stream.concat(parked.stream(), Stream.of("started-meanwhile"))
                        .map(id -> (Object) TestMember.key(id).text())
                        .toList()));
    assertThat(cutOff.stats().fences()).isPositive();
    assertThat(members.get(0).stats().fences()).isZero();
    await().atMost(HEALED).until(() -> cutOff.store().definitions().size() == 2);
    assertThat(cancel(cutOff, "started-meanwhile")).isInstanceOf(Outcome.Done.class);
  }

  private boolean isWholeAndOpen(GridEngine member) {
    return stateOf(member) == ClusterState.OPEN
        && member.control().standing().epoch() != Epochs.NONE
        && member.hazelcast().getCluster().getMembers().size() == 3
        && member.hazelcast().getPartitionService().isClusterSafe();
  }

  private static long epochOf(GridEngine member) {
    return member.control().standing().epoch();
  }

  private static ClusterState stateOf(GridEngine member) {
    return member.control().standing().state();
  }

  private static Outcome start(GridEngine member, String id) {
    var plan = member.definitions().plan(TestMember.TENANT, "s", null).orElseThrow();
    return submit(
        member,
        id,
        new Command.StartExecution(
            plan, TestMember.key(id), null, Map.of(), null, 5, null, "digest", "tester"));
  }

  private static Outcome cancel(GridEngine member, String id) {
    return submit(member, id, new Command.CancelExecution("c-" + id, "tester", null));
  }

  private static Outcome submit(GridEngine member, String id, Command command) {
    return member.submit(TestMember.key(id), command).orTimeout(30, TimeUnit.SECONDS).join();
  }
}
