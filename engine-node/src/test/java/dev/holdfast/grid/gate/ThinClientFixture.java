package dev.holdfast.grid.gate;

import dev.holdfast.api.DefinitionView;
import dev.holdfast.client.HoldfastClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A real member and a thin client of it, for all tests of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ThinClientFixture {
  static final Duration SOON = Duration.ofSeconds(20);

  ClientMember member;
  HoldfastClient client;

  @BeforeAll
  void connect() {
    member = new ClientMember();
    client = member.connect();
  }

  @AfterAll
  void disconnect() {
    client.close();
    member.close();
  }

  /** Registers a definition of one task, {@code only}, for the agent of the definition's name. */
  DefinitionView single(String name, String more) {
    return client.register(
        "name: %s\ntasks:\n  only:\n    agent: %s\n    %s\n".formatted(name, name, more));
  }
}
