package dev.holdfast.node.bench;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import java.io.Serializable;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/** What Hazelcast itself takes: calls of an entry processor that does next to nothing. */
final class EntryProcessorLimit {
  private static final String MAP = "limit";
  private static final int KEYS = 5000;
  private static final int OUTSTANDING_MAX = 512;

  private EntryProcessorLimit() {}

  /** Counts up. */
  private static final class Increment implements EntryProcessor<String, Long, Long>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Long process(Map.Entry<String, Long> entry) {
      Long before = entry.getValue();
      Long after = before == null ? 1 : before + 1;
      entry.setValue(after);
      return after;
    }
  }

  /** Calls a second, over about so long, on a member in this process. */
  static double callsPerSecond(long nanos) throws InterruptedException {
    var config = new Config().setClusterName("limit-" + UUID.randomUUID());
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.addMapConfig(
        new MapConfig(MAP).setInMemoryFormat(InMemoryFormat.OBJECT).setStatisticsEnabled(false));
    var member = Hazelcast.newHazelcastInstance(config);
    try {
      IMap<String, Long> map = member.getMap(MAP);
      call(map, nanos);
      return call(map, nanos);
    } finally {
      member.shutdown();
    }
  }

  private static double call(IMap<String, Long> map, long nanos) throws InterruptedException {
    var slots = new Semaphore(OUTSTANDING_MAX);
    var calls = new LongAdder();
    long begunNanos = System.nanoTime();
    for (int i = 0; System.nanoTime() - begunNanos < nanos; i++) {
      slots.acquire();
      map.submitToKey("key-" + i % KEYS, new Increment())
          .whenCompleteAsync(
              (result, failure) -> {
                calls.increment();
                slots.release();
              },
              Runnable::run);
    }
    slots.acquire(OUTSTANDING_MAX);
    return calls.sum() * 1e9 / (System.nanoTime() - begunNanos);
  }
}
