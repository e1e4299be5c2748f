package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ExecutionStatus;
import dev.holdfast.api.PauseMode;
import dev.holdfast.api.ResumeReason;
import dev.holdfast.api.ResumeReason.Severity;
import dev.holdfast.core.Command.PauseExecution;
import dev.holdfast.core.Command.ResumeExecution;
import dev.holdfast.core.Plan;
import dev.holdfast.core.Rejection;
import dev.holdfast.journal.Plans;
import dev.holdfast.journal.sqlite.SqliteStateStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An execution whose rows on the disk are damaged is not resumed, by nobody's force. */
class DamagedResumeTest {
  private static final String OF_BAD = "(SELECT ordinal FROM execution WHERE id = 'bad')";

  @TempDir Path folder;

  private SqliteStateStore store() {
    return new SqliteStateStore(folder.resolve("t.db"), InstantSource.system());
  }

  /** Two executions that are paused after their first task. */
  private static Plan pauseTwo(TestMember member) {
    member.register(
        "two", "{name: two, tasks: {a: {agent: worker}, b: {agent: worker, needs: [a]}}}");
    for (String id : List.of("bad", "good")) {
      member.start("two", id, null);
      member.complete(member.pollOne("worker"), "of a");
      member.submit(id, new PauseExecution("p", PauseMode.IMMEDIATE, "ann", null));
      assertThat(member.state(id).status()).isEqualTo(ExecutionStatus.PAUSED);
    }
    return member.engine.definitions().plan(TestMember.TENANT, "two", null).orElseThrow();
  }

  /** What the store does by itself some time later: events go from the journal into the history. */
  private void checkpoint(Plan plan) {
    Instant later = Instant.now().plus(Duration.ofMinutes(5));
    try (var store = store()) {
      assertThat(store.recover(Plans.resolver(plan), entry -> {}).damaged()).isEmpty();
      boolean more = true;
      while (more) {
        // The last round trims the journal of what the rounds before have moved.
        more = store.maintain(later) || store.maintain(later);
      }
    }
  }

  private void sql(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("t.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
    }
  }

  private static Outcome resume(TestMember member, String id, boolean force) {
    return member.submit(id, new ResumeExecution("r-" + force, "ann", null, force));
  }

  private static void assertBroken(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    Rejection rejection = ((Outcome.Refused) outcome).rejection();
    assertThat(rejection.code()).isEqualTo(Rejection.Code.RESUME_REFUSED);
    assertThat(rejection.message()).contains("by force neither");
    assertThat(rejection.reasons())
        .filteredOn(reason -> reason.severity() == Severity.ERROR)
        .extracting(ResumeReason::code)
        .containsExactly("chain-broken");
  }

  /** A member that has had them for some time. */
  private TestMember settled() {
    Plan plan;
    try (var member = new TestMember(store())) {
      plan = pauseTwo(member);
    }
    checkpoint(plan);
    return new TestMember(store());
  }

  private void damageSnapshot() throws SQLException {
    sql("UPDATE snapshot SET body = zeroblob(length(body)) WHERE execution = " + OF_BAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE history SET payload = zeroblob(length(payload))",
        "UPDATE history SET previous_hash = x'01' || substr(previous_hash, 2)",
        "DELETE FROM history",
      })
  void damageDoneWhileItIsPausedIsFoundBeforeItGoesOn(String damage) throws SQLException {
    try (var member = settled()) {
      damageSnapshot();
      sql(damage + " WHERE chunk >> 24 = " + OF_BAD);
      assertBroken(resume(member, "bad", false));
      assertBroken(resume(member, "bad", true));
      assertThat(member.state("bad").status()).isEqualTo(ExecutionStatus.PAUSED);
      assertThat(resume(member, "good", true)).isInstanceOf(Outcome.Done.class);
      assertThat(member.pollOne("worker").execution()).isEqualTo("good");
    }
  }

  @Test
  void damagedSnapshotWhoseHistoryHoldsIsNoReason() throws SQLException {
    try (var member = settled()) {
      damageSnapshot();
      assertThat(resume(member, "bad", true)).isInstanceOf(Outcome.Done.class);
      assertThat(member.pollOne("worker").execution()).isEqualTo("bad");
    }
  }

  @Test
  void whatCanNotBeReadAfterARestartIsNotResumed() throws SQLException {
    try (var member = new TestMember(store())) {
      pauseTwo(member);
    }
    sql("UPDATE journal SET payload = zeroblob(length(payload)) WHERE execution = " + OF_BAD);
    try (var member = new TestMember(store())) {
      assertThat(member.engine.recovery().damaged()).hasSize(1);
      assertBroken(resume(member, "bad", true));
      assertThat(resume(member, "good", true)).isInstanceOf(Outcome.Done.class);
    }
  }
}
