package dev.holdfast.journal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.journal.ChainStoreContract;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.StateStore;
import org.junit.jupiter.api.Test;

class MemoryStateStoreTest extends ChainStoreContract {
  /** It does not outlive the process. */
  @Override
  protected void reopenStore() {}

  @Override
  protected StateStore create() {
    return new MemoryStateStore(30);
  }

  @Test
  void endedOnesBeyondTheBoundAreForgottenOldestFirst() {
    Driven live = Driven.of(PLAN, "live");
    append(live.start(T0));
    for (int i = 0; i < 40; i++) {
      Driven one = Driven.of(PLAN, "x" + i);
      append(one.start(T0));
      append(one.finish(T0));
    }
    assertThat(ids(query("default"))).hasSize(31).contains("live", "x10").doesNotContain("x9");
    assertKept(live);
  }
}
