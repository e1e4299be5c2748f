package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ResumeReason;
import dev.holdfast.api.ResumeReason.Severity;
import dev.holdfast.core.Command.ResumeExecution;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.Dispatcher.AgentInfo;
import dev.holdfast.journal.Driven;
import dev.holdfast.journal.ExecutionEntry;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.StoreException;
import dev.holdfast.journal.memory.MemoryStateStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What speaks against going on, said with every reason. */
class ResumeChecksTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ResumeExecution RESUME = new ResumeExecution("r1", "ann", null, false);
  private static final ResumeExecution FORCED = new ResumeExecution("r1", "ann", null, true);
  private static TestMember member;

  private final MemoryStateStore store = new MemoryStateStore();
  private List<AgentInfo> agents = List.of(agent("east", "ocr", Map.of("region", "eu")));
  private final ResumeChecks checks =
      new ResumeChecks(store, member.engine.definitions(), tenant -> agents);

  @BeforeAll
  static void define() {
    member = new TestMember();
    member.register(
        "scan",
        """
        name: scan
        tasks:
          read:   { agent: ocr, requires: { region: eu } }
          settle: { workflow: settlement, version: 3, needs: [read] }
        """);
  }

  @AfterAll
  static void stop() {
    member.close();
  }

  private static AgentInfo agent(String worker, String capability, Map<String, String> labels) {
    return new AgentInfo(worker, List.of(capability), labels, 0, NOW, true);
  }

  private Driven paused(String definition) {
    Driven one =
        Driven.of(
            member.engine.definitions().plan(TestMember.TENANT, definition, null).orElseThrow(),
            definition);
    store.append(List.of(one.start(NOW), one.pause(NOW)));
    return one;
  }

  private static ExecutionEntry entry(Driven one) {
    return new ExecutionEntry(one.state(), one.hash(), JournalEntry.durable());
  }

  private static List<String> codes(@Nullable Rejection refusal) {
    return refusal == null
        ? List.of()
        : refusal.reasons().stream().map(ResumeReason::code).toList();
  }

  @Test
  void warningsNameTheTaskAndForcePassesOverThem() {
    ExecutionEntry entry = entry(paused("scan"));
    Rejection refusal = checks.refusal(entry, RESUME);
    assertThat(codes(refusal)).containsExactly("no-workflow");
    assertThat(refusal.code()).isEqualTo(Rejection.Code.RESUME_REFUSED);
    ResumeReason reason = refusal.reasons().getFirst();
    assertThat(reason.severity()).isEqualTo(Severity.WARNING);
    assertThat(reason.task()).isEqualTo("settle");
    assertThat(reason.message()).contains("settlement v3");

    agents = List.of(agent("west", "ocr", Map.of("region", "us")));
    assertThat(codes(checks.refusal(entry, RESUME)))
        .containsExactly("no-agent-with-labels", "no-workflow");
    agents = List.of(agent("west", "other", Map.of("region", "eu")));
    assertThat(codes(checks.refusal(entry, RESUME))).containsExactly("no-agent", "no-workflow");
    assertThat(checks.refusal(entry, FORCED)).isNull();
  }

  @Test
  void aStateThatTheStoreDoesNotHaveIsNeverResumed() {
    Driven one = paused("scan");
    Driven ahead = one.fork();
    ahead.apply(new ResumeExecution("r0", "ann", null, true), NOW);
    ahead.pause(NOW.plusSeconds(1));
    Rejection refusal = checks.refusal(entry(ahead), FORCED);
    assertThat(codes(refusal)).containsExactly("state-unconfirmed");
    assertThat(refusal.reasons().getFirst().severity()).isEqualTo(Severity.ERROR);

    byte[] other = one.hash().clone();
    other[0]++;
    var changed = new ExecutionEntry(one.state(), other, JournalEntry.durable());
    assertThat(codes(checks.refusal(changed, FORCED))).containsExactly("state-unconfirmed");
  }

  @Test
  void anExecutionWhoseDefinitionIsGoneIsNeverResumed() {
    ExecutionEntry entry = entry(paused("scan"));
    try (var elsewhere = new TestMember()) {
      var lacking = new ResumeChecks(store, elsewhere.engine.definitions(), tenant -> agents);
      assertThat(codes(lacking.refusal(entry, FORCED))).containsExactly("definition-missing");
    }
  }

  @Test
  void whatIsNotPausedAndRepeatsAreForTheCommandToAnswer() {
    Driven one = paused("scan");
    one.apply(FORCED, NOW);
    assertThat(checks.refusal(entry(one), RESUME)).isNull();
    one.pause(NOW.plusSeconds(1));
    assertThat(checks.refusal(entry(one), RESUME)).as("a repeat").isNull();
  }

  @Test
  void whereMembersDoNotSayWhichAgentsTheyKnowItIsToBeTriedAgain() {
    var unsure =
        new ResumeChecks(
            store,
            member.engine.definitions(),
            tenant -> {
              throw new StoreException("a member does not answer");
            });
    ExecutionEntry entry = entry(paused("scan"));
    assertThat(unsure.refusal(entry, RESUME).code()).isEqualTo(Rejection.Code.UNAVAILABLE);
    assertThat(unsure.refusal(entry, FORCED)).isNull();
  }
}
