package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.chaos.cluster.LoopbackLinks;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Members in processes of their own that are killed in turn, while an agent polls each of them. */
final class KilledCluster implements AutoCloseable {
  private static final Duration READY_WAIT_MAX = Duration.ofSeconds(60);
  private static final Duration END_WAIT_MAX = Duration.ofSeconds(60);

  private final ProcessCluster cluster;
  private final MemberCalls calls;
  private final List<HttpAgent> agents = new ArrayList<>();

  /**
   * Starts them and waits until they are ready.
   *
   * @param folder for data and logs
   */
  KilledCluster(Path folder, int members) {
    this.cluster = new ProcessCluster(folder, members, new LoopbackLinks(), List.of(), Map.of());
    try {
      cluster.startAll();
      cluster.awaitReady(READY_WAIT_MAX);
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
    this.calls = new MemberCalls(cluster);
  }

  MemberCalls calls() {
    return calls;
  }

  /** One with each member. */
  void startAgents(String capability, Supplier<HttpAgent.Work> work) {
    for (MemberProcess member : cluster.members()) {
      agents.add(new HttpAgent(new HttpApi(member.http()), capability, work.get()));
    }
  }

  /** Kills one member, and has it back once that is done. */
  void kill(int number, Runnable meanwhile) {
    MemberProcess victim = cluster.member(number % cluster.members().size());
    victim.kill();
    meanwhile.run();
    victim.start();
    cluster.awaitReady(READY_WAIT_MAX);
  }

  /**
   * @param seed for the message
   */
  void awaitNoneRuns(long seed) {
    await("every acknowledged start ends (seed " + seed + ")")
        .atMost(END_WAIT_MAX)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(calls.running()).isEmpty());
  }

  String describe() {
    return cluster.describe();
  }

  @Override
  public void close() {
    agents.forEach(HttpAgent::close);
    cluster.close();
  }
}
