package dev.holdfast.node.chaos;

import dev.holdfast.journal.postgres.PostgresServer;
import dev.holdfast.node.chaos.cluster.MemberProcess;
import dev.holdfast.node.chaos.cluster.ProcessCluster;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Does faults to a cluster, one after the other: each is undone, and the cluster has settled,
 * before the next. What is done to whom and for how long comes from the random generator alone.
 */
final class Nemesis {
  /** Longer than the 5 s without heartbeats after which a member is taken for dead. */
  private static final Duration LONG = Duration.ofSeconds(8);

  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final int DOWN_MILLIS_MAX = 1500;
  private static final int CALM_MILLIS_MAX = 1000;

  /** Longer than a member takes to look what its disk lacks, once others have come or gone. */
  private static final Duration SETTLED = Duration.ofSeconds(6);

  private static final Duration READY_WAIT_MAX = Duration.ofMinutes(3);

  private final ProcessCluster cluster;
  private final Storage storage;
  private final RandomGenerator random;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private final List<String> log = new ArrayList<>();

  Nemesis(ProcessCluster cluster, Storage storage, RandomGenerator random) {
    this.cluster = cluster;
    this.storage = storage;
    this.random = random;
  }

  /** How often each was done. */
  Map<Fault, Integer> done() {
    return done;
  }

  /** What was done when, for a person. */
  List<String> log() {
    return log;
  }

  /**
   * Does one fault, undoes it, waits until the cluster has settled.
   *
   * @throws IllegalStateException when it does not settle
   */
  void strike(Fault fault) {
    MemberProcess member = cluster.member(random.nextInt(cluster.members().size()));
    if (fault == Fault.DISK_LOST) {
      cluster.awaitSettled(SETTLED, READY_WAIT_MAX);
    }
    say(fault + " of " + member);
    switch (fault) {
      case KILL -> {
        member.kill();
        hold(millis(DOWN_MILLIS_MAX));
        member.start();
      }
      case KILL_ALL -> {
        cluster.members().forEach(MemberProcess::kill);
        cluster.startAll();
      }
      case TERMINATE -> {
        int code = member.terminate();
        if (code != 0) {
          throw new IllegalStateException(member + " exited with " + code + " after SIGTERM");
        }
        hold(millis(DOWN_MILLIS_MAX));
        member.start();
      }
      case SUSPEND -> suspend(member, LONG);
      case STALL -> suspend(member, SHORT);
      case PARTITION -> {
        cluster.isolate(member);
        hold(LONG);
        cluster.links().heal();
      }
      case SHATTER -> {
        cluster.members().forEach(cluster::isolate);
        hold(LONG);
        cluster.links().heal();
      }
      case DISK_LOST -> {
        member.kill();
        member.wipe();
        hold(millis(DOWN_MILLIS_MAX));
        member.start();
      }
      case DATABASE_STOP -> {
        PostgresServer server = database();
        server.stop();
        hold(LONG);
        server.start();
      }
      case DATABASE_HANG -> {
        PostgresServer server = database();
        server.suspend();
        hold(LONG);
        server.resume();
      }
    }
    cluster.awaitReady(READY_WAIT_MAX);
    done.merge(fault, 1, Integer::sum);
    say("settled");
    hold(millis(CALM_MILLIS_MAX));
  }

  private PostgresServer database() {
    if (storage instanceof Storage.Database here) {
      return here.server();
    }
    throw new IllegalArgumentException("there is no database");
  }

  private void suspend(MemberProcess member, Duration duration) {
    member.suspend();
    hold(duration);
    member.proceed();
  }

  private void say(String what) {
    log.add(LocalTime.now() + " " + what);
  }

  private Duration millis(int max) {
    return Duration.ofMillis(random.nextInt(max));
  }

  private static void hold(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
