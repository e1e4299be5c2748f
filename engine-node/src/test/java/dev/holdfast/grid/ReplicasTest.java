package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MapStoreConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.MapLoader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final String MAP = "loading";

  /** Loads nothing, and takes as long as the test for that. */
  private static final class Stuck implements MapLoader<String, String> {
    final CountDownLatch end = new CountDownLatch(1);

    @Override
    public @Nullable String load(String key) {
      return null;
    }

    @Override
    public Map<String, String> loadAll(Collection<String> keys) {
      return Map.of();
    }

    @Override
    public Iterable<String> loadAllKeys() {
      try {
        end.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.of();
    }
  }

  @Test
  void partitionThatWaitsForItsStoreGoesOnWithoutIt() {
    var loader = new Stuck();
    HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config(loader));
    try {
      var replicas = new Replicas(hazelcast);
      IMap<String, String> map = hazelcast.getMap(MAP);
      CompletableFuture<@Nullable String> put = map.putAsync("a", "1").toCompletableFuture();
      await().until(() -> replicas.endLoading(MAP) > 0);
      assertThat(put).succeedsWithin(20, TimeUnit.SECONDS);
      assertThat(map.get("a")).isEqualTo("1");
      await().until(() -> replicas.endLoading(MAP) == 0);
    } finally {
      loader.end.countDown();
      hazelcast.shutdown();
    }
  }

  private static Config config(Stuck loader) {
    Config config = LoneHazelcast.config();
    return config.addMapConfig(
        new MapConfig(MAP)
            .setMapStoreConfig(new MapStoreConfig().setEnabled(true).setImplementation(loader)));
  }
}
