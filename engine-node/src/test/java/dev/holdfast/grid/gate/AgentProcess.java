package dev.holdfast.grid.gate;

import dev.holdfast.client.HoldfastClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** An agent in a process of its own, whose tasks never end, to be killed. */
public final class AgentProcess {
  private AgentProcess() {}

  /**
   * @param args address, cluster, capability
   */
  public static void main(String[] args) throws InterruptedException {
    HoldfastClient client =
        HoldfastClient.builder().addresses(args[0]).clusterName(args[1]).connect();
    client
        .agent(
            args[2],
            task -> {
              System.out.println("running " + task.id());
              new CountDownLatch(1).await();
              return null;
            })
        .concurrency(4)
        .worker("doomed")
        .start();
    new CountDownLatch(1).await();
  }

  static Process start(ClientMember member, String capability) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            List.of(
                java,
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-cp",
                System.getProperty("java.class.path"),
                AgentProcess.class.getName(),
                member.address(),
                member.cluster(),
                capability))
        .redirectErrorStream(true)
        .start();
  }
}
