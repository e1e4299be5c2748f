package dev.holdfast.grid.eta;

import com.tdunning.math.stats.TDigest;
import dev.holdfast.grid.eta.DecayingTimes.Learned;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What several members have learned of one definition, put together. Immutable once filled. */
final class MergedTimes implements TaskTimes {
  private final Map<String, TDigest> digests = new HashMap<>();
  private final Map<String, Integer> skips = new HashMap<>();

  void add(Map<String, Learned> ofMember) {
    ofMember.forEach((name, learned) -> {
      learned.addTo(digests.computeIfAbsent(name, unused -> DecayingTimes.digest()));
      skips.merge(name, learned.skipped(), Integer::sum);
    });
  }

  /** Digests sort what they have gathered when they are asked first: that is done here. */
  MergedTimes filled() {
    digests.values().forEach(TDigest::compress);
    return this;
  }

  @Override
  public @Nullable Times of(String name) {
    TDigest digest = digests.get(name);
    return digest == null || digest.size() == 0 ? null : new Digested(digest);
  }

  @Override
  public boolean isMostlySkipped(String name) {
    TDigest digest = digests.get(name);
    return digest != null && skips.getOrDefault(name, 0) > digest.size();
  }

  private record Digested(TDigest digest) implements Times {
    @Override
    public long samples() {
      return digest.size();
    }

    @Override
    public double quantile(double share) {
      synchronized (digest) {
        return digest.quantile(share);
      }
    }

    @Override
    public double shareWithin(double millis) {
      synchronized (digest) {
        return millis <= 0 ? 0 : digest.cdf(millis);
      }
    }
  }
}
