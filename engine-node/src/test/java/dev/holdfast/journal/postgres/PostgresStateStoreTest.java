package dev.holdfast.journal.postgres;

import dev.holdfast.journal.StateStore;
import dev.holdfast.journal.StateStoreContract;
import java.time.InstantSource;

class PostgresStateStoreTest extends StateStoreContract {
  private String url = "";

  @Override
  protected StateStore create() {
    url = PostgresServer.shared().newDatabase();
    return open();
  }

  private PostgresStateStore open() {
    return new PostgresStateStore(PostgresServer.settings(url), InstantSource.system());
  }
}
