package dev.holdfast.journal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StateStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SqliteStateStoreTest extends StateStoreContract {
  private Path folder = Path.of("");

  @Override
  protected StateStore create() {
    try {
      folder = Files.createTempDirectory("holdfast-store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
  }

  @AfterEach
  void removeFolder() throws IOException {
    StoreFiles.delete(folder);
  }

  @Test
  void aLiveOneIsRecoveredFromTheFile() {
    Driven one = Driven.of(PLAN, "one");
    append(one.start(T0), one.step(T0, null).orElseThrow());
    assertThat(reopen()).containsOnlyKeys(one.key());
    assertKept(one);
    append(one.step(T0, null).orElseThrow());
    reopen();
    assertKept(one);
    append(one.finish(T0));
    assertThat(reopen()).isEmpty();
    assertKept(one);
  }

  private Map<ExecutionKey, ExecutionEntry> reopen() {
    store.close();
    store = new SqliteStateStore(folder.resolve("test.db"), InstantSource.system());
    var found = new HashMap<ExecutionKey, ExecutionEntry>();
    StateStore.Recovery recovery =
        store.recover(PLANS, entry -> found.put(entry.state().key(), entry));
    assertThat(recovery.damaged()).isEmpty();
    assertThat(recovery.live()).isEqualTo(found.size());
    return found;
  }
}
