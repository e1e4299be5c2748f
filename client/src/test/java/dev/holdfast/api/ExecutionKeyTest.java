package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutionKeyTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "A1", "0", "order-7.b_c:d", "x-", "Z..:"})
  void idsOfTheFormAreTaken(String id) {
    var key = new ExecutionKey("t-1", id);
    assertThat(ExecutionKey.parse(key.text())).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-a", ".a", "_a", ":a", "a b", "/b", "a/", "a//b", "a/b.c", "a/b.", "a/.3", "a/..3",
        "a/..", "a/b[3]", "ä", "a~b", "a\n"
      })
  void otherIdsAreRefused(String id) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ExecutionKey("t", id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "order-7.b/settle/2/Line_7", "0/_x", "a/lines.3/2/b.0"})
  void idsOfChildrenAreTakenAndNobodyElsesToGive(String id) {
    var key = new ExecutionKey("t-1", id);
    assertThat(ExecutionKey.parse(key.text())).isEqualTo(key);
    assertThat(ExecutionKey.isOwnId(id)).isFalse();
    assertThat(ExecutionKey.isOwnId("order-7.b")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a.b", "a_b", "é"})
  void otherTenantsAreRefused(String tenant) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ExecutionKey(tenant, "id"));
  }

  @Test
  void lengthsHoldToTheLastCharacter() {
    assertThat(new ExecutionKey("a".repeat(63), "b".repeat(128)).text()).hasSize(192);
    assertThatIllegalArgumentException().isThrownBy(() -> new ExecutionKey("a".repeat(64), "b"));
    assertThatIllegalArgumentException().isThrownBy(() -> new ExecutionKey("a", "b".repeat(129)));
    String deep = "b".repeat(128) + ("/" + "t".repeat(63)).repeat(8);
    assertThat(new ExecutionKey("a", deep).id()).isEqualTo(deep);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExecutionKey("a", deep + "/" + "t".repeat(400)));
  }

  @Test
  void madeIdsAreIdsAreUniqueAndSortByTime() {
    Set<String> ids = new HashSet<>();
    String before = ExecutionIds.next(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));
    var clock = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00.001Z"));
    for (int i = 0; i < 10_000; i++) {
      String id = ExecutionIds.next(clock);
      assertThat(id).hasSize(22).isGreaterThan(before);
      assertThat(new ExecutionKey("t", id).id()).isEqualTo(id);
      assertThat(ids.add(id)).isTrue();
    }
  }
}
