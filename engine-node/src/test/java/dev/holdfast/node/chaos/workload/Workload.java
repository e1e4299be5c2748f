package dev.holdfast.node.chaos.workload;

import dev.holdfast.api.StartOptions;
import dev.holdfast.api.TaskContext;
import dev.holdfast.client.HoldfastClient;
import dev.holdfast.node.acceptance.HttpApi;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
import dev.holdfast.node.chaos.history.Answer;
import dev.holdfast.node.chaos.history.Asked;
import dev.holdfast.node.chaos.history.Fact;
import dev.holdfast.node.chaos.history.Recorded;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Users and agents of a cluster: so many executions at a time are started, sent signals, followed
 * to their end, and some of them paused, resumed or cancelled; schedules begin others. Agents by
 * HTTP and a thin client carry their tasks out. Everything that they see is recorded.
 */
public final class Workload implements AutoCloseable {
  private static final int TASK_MILLIS_MAX = 800;
  private static final int THIN_CONCURRENCY = 200;
  private static final Duration THIN_PATIENCE = Duration.ofMinutes(2);
  private static final Duration REGISTER_WAIT_MAX = Duration.ofMinutes(1);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

  private final Recorded recorded = new Recorded();
  private final Set<String> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger number = new AtomicInteger();
  private final Semaphore slots;
  private final Callers callers;
  private final HoldfastClient client;
  private final HttpAgents agents;
  private final Schedules schedules;
  private volatile boolean starting = true;

  /**
   * Begins, on a cluster that is ready.
   *
   * @param running executions that run at a time
   */
  public Workload(ProcessCluster cluster, int running) {
    slots = new Semaphore(running);
    callers = new Callers(cluster.members().stream().map(MemberProcess::http).toList(), recorded);
    client =
        HoldfastClient.builder()
            .addresses(
                cluster.running().stream().map(MemberProcess::address).toArray(String[]::new))
            .clusterName(cluster.clusterName())
            .connectTimeout(THIN_PATIENCE)
            .commandTimeout(THIN_PATIENCE)
            .connect();
    Shape.BELOW.forEach(below -> register(below.getKey(), below.getValue()));
    for (Shape shape : Shape.values()) {
      register(shape.definition(), shape.source());
    }
    client
        .agent("by-client", this::carryOut)
        .worker("thin-agent")
        .concurrency(THIN_CONCURRENCY)
        .start();
    agents = new HttpAgents(callers, recorded);
    schedules = new Schedules(callers, recorded);
    schedules.begin(System.nanoTime() + REGISTER_WAIT_MAX.toNanos());
    threads.submit(this::keepRunning);
  }

  private void register(String name, String source) {
    long end = System.nanoTime() + REGISTER_WAIT_MAX.toNanos();
    String last = "";
    while (System.nanoTime() < end) {
      try {
        HttpApi.Answer answer = callers.any().putYaml("/v1/definitions/" + name, source);
        if (answer.status() < 300) {
          return;
        }
        last = answer.toString();
      } catch (IOException e) {
        last = e.toString();
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    throw new IllegalStateException("can't register " + name + ": " + last);
  }

  private Map<String, String> carryOut(TaskContext task) {
    recorded.add(
        new Fact.Handed(
            task.execution(), task.id(), task.attempt(), "thin-agent", System.nanoTime()));
    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(TASK_MILLIS_MAX) * 1_000_000L);
    return Map.of("of", "thin " + task.token());
  }

  private void keepRunning() {
    while (starting) {
      slots.acquireUninterruptibly();
      if (!starting) {
        return;
      }
      int n = number.incrementAndGet();
      String id = "e" + n;
      open.add(id);
      threads.submit(() -> {
        new Journey(id, n, callers, client, recorded).travel();
        open.remove(id);
        slots.release();
      });
    }
  }

  /** New calls by HTTP go to the other members, until {@link #spareNone}. */
  public void spare(MemberProcess member) {
    callers.spare(member.number());
  }

  /** Calls go to all members. */
  public void spareNone() {
    callers.spareNone();
  }

  /**
   * Starts executions that nobody works at before {@link #unpark}.
   *
   * @return once each is acknowledged
   */
  public void park(int count) {
    client.register("name: parked\n" + Shape.DEFAULTS + "tasks: { wait: { agent: parked } }\n");
    var starts = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < count; i++) {
      String id = "parked-" + i;
      long from = System.nanoTime();
      open.add(id);
      starts.add(
          client
              .startAsync("parked", null, StartOptions.DEFAULTS.id(id).watch(false))
              .thenRun(() ->
                  recorded.add(
                      new Fact.Call(
                          new Asked.Start(id), from, System.nanoTime(), Answer.OK, "parked")))
              .toCompletableFuture());
    }
    CompletableFuture.allOf(starts.toArray(CompletableFuture<?>[]::new)).join();
  }

  /** Begins to work at the parked executions. */
  public void unpark() {
    client
        .agent("parked", this::carryOut)
        .worker("thin-agent")
        .concurrency(THIN_CONCURRENCY)
        .start();
    for (String id : open) {
      if (id.startsWith("parked-")) {
        client
            .execution(id)
            .awaitResultAsync()
            .thenAccept(result -> {
              recorded.add(new Fact.End(id, result.status().name(), 0, System.nanoTime()));
              open.remove(id);
            });
      }
    }
  }

  /** Whether an execution goes on without others of its key having ended before, or an agent. */
  public static boolean goesOnAlone(String execution) {
    return execution.startsWith("e")
        && Shape.of(Integer.parseInt(execution.substring(1))).goesOnAlone();
  }

  /** What was seen so far. */
  public Recorded recorded() {
    return recorded;
  }

  /** Executions that were begun. */
  public int begun() {
    return number.get();
  }

  /**
   * Starts no more executions, and waits until those that run have ended, with their children and
   * what schedules have begun.
   *
   * @throws IllegalStateException naming those that do not
   */
  public void finish(Duration atMost) {
    starting = false;
    slots.release();
    long end = System.nanoTime() + atMost.toNanos();
    while (!open.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not ended within " + atMost + ": " + stuck());
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    schedules.end(end);
    List<String> left = left();
    while (!left.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not ended within " + atMost + ": " + left);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      left = left();
    }
  }

  /** Some of those that are listed and have not ended: children of what has. */
  private List<String> left() {
    var left = new ArrayList<String>();
    for (String status : List.of("RUNNING", "PAUSING", "PAUSED", "CANCELLING")) {
      try {
        HttpApi.Answer answer = callers.any().get("/v1/executions?limit=5&status=" + status);
        if (answer.status() == 200) {
          answer.json().get("items").forEach(item -> left.add(item.toString()));
        } else {
          left.add(answer.toString());
        }
      } catch (IOException e) {
        left.add(e.toString());
      }
    }
    return left;
  }

  /** How those stand that have not ended. */
  private List<String> stuck() {
    return new TreeSet<>(open).stream().limit(5).map(this::view).toList();
  }

  private String view(String id) {
    return id
        + " of "
        + open.size()
        + ": "
        + callers.all().stream().map(member -> view(member, id)).toList();
  }

  private static String view(HttpApi member, String id) {
    try {
      HttpApi.Answer answer = member.get("/v1/executions/" + id);
      return answer.status() == 200
          ? answer.json().get("status").asString() + ' ' + answer.json().get("tasks")
          : String.valueOf(answer.body());
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The agents and users go; may be called again. */
  @Override
  public void close() {
    starting = false;
    threads.shutdownNow();
    agents.close();
    client.close();
    threads.close();
  }
}
