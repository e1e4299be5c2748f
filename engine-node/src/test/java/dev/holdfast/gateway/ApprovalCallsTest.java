package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class ApprovalCallsTest {
  @RegisterExtension static final TestNode node = new TestNode();
  private static final Api api = node.api;

  /** Its task {@code settle} awaits approval. */
  private static String waiting(String name, String gate) {
    api.apply(
            name,
            """
            name: %1$s
            tasks:
              settle: { agent: %1$s, input: { sum: 12.5 }, pauseBefore: %2$s }
            """
                .formatted(name, gate))
        .is(201);
    return api.start(name);
  }

  private static String approve(String execution) {
    return "/v1/executions/" + execution + "/tasks/settle/approve";
  }

  private static List<JsonNode> listed(String query) {
    var items = new ArrayList<JsonNode>();
    api.get("/v1/approvals?" + query).is(200).json().get("items").forEach(items::add);
    return items;
  }

  @Test
  void anApprovalHandsTheTaskOut() {
    String id = waiting("approved", "true");
    var before = api.get("/v1/executions/" + id).is(200).json();
    assertThat(before.at("/status").asString()).isEqualTo("RUNNING");
    assertThat(before.at("/tasks/0/status").asString()).isEqualTo("AWAITING_APPROVAL");
    assertThat(before.at("/tasks/0/waitingFor").asString()).isEqualTo("approval");
    assertThat(before.at("/tasks/0/approval/input/sum").asDouble()).isEqualTo(12.5);
    assertThat(before.at("/currentTasks/0").asString()).isEqualTo("settle");

    var after =
        api.post(
                approve(id),
                "{\"approved\":true,\"reason\":\"checked\"}",
                "X-Holdfast-Actor",
                "ada@example.com")
            .is(200)
            .json();
    assertThat(after.at("/tasks/0/status").asString()).isEqualTo("READY");
    assertThat(after.at("/tasks/0/approval/approved").asBoolean()).isTrue();
    assertThat(after.at("/tasks/0/approval/by").asString()).isEqualTo("ada@example.com");
    assertThat(after.at("/tasks/0/approval/reason").asString()).isEqualTo("checked");

    JsonNode task = api.take("approved");
    assertThat(task.at("/input/sum").asDouble()).isEqualTo(12.5);
    api.complete(task, "1").is(204);
    assertThat(api.get("/v1/executions/" + id + "?wait=10s").text("/status"))
        .isEqualTo("COMPLETED");
    var decided = api.get("/v1/executions/" + id + "/history").is(200).json().get("items").get(2);
    assertThat(decided.get("type").asString()).isEqualTo("ApprovalDecided");
    assertThat(decided.get("by").asString()).isEqualTo("ada@example.com");
    assertThat(decided.get("approved").asBoolean()).isTrue();
    api.post(approve(id), "{\"approved\":true}").is(200);
    api.post(approve(id), "{\"approved\":false}").refused(409, "not-awaiting-approval");
  }

  @Test
  void anOutputTakesTheAgentsPlace() {
    String id = waiting("by-hand", "true");
    var after = api.post(approve(id), "{\"approved\":true,\"output\":{\"paid\":7}}").is(200).json();
    assertThat(after.at("/status").asString()).isEqualTo("COMPLETED");
    assertThat(after.at("/output/settle/paid").asInt()).isEqualTo(7);
  }

  @Test
  void aRejectionFailsTheTask() {
    String id = waiting("rejected", "true");
    var after =
        api.post(approve(id), "{\"approved\":false,\"reason\":\"too much\"}").is(200).json();
    assertThat(after.at("/status").asString()).isEqualTo("FAILED");
    assertThat(after.at("/error/type").asString()).isEqualTo("rejected");
    assertThat(after.at("/error/message").asString()).contains("anonymous").contains("too much");
  }

  @Test
  void onlyApproversDecide() {
    String id = waiting("of-finance", "{ approvers: [finance] }");
    api.post(approve(id), "{\"approved\":true}").refused(403, "not-an-approver");
    api.post(approve(id), "{\"approved\":true}", "X-Holdfast-Roles", "sales,legal")
        .refused(403, "not-an-approver");
    api.post(approve(id), "{\"approved\":true}", "X-Holdfast-Roles", "sales, finance").is(200);
  }

  @Test
  void aDecisionThatNobodyMadeInTimeFailsTheTask() {
    String id = waiting("expired", "{ expires: 50ms }");
    var ended = api.get("/v1/executions/" + id + "?wait=10s").is(200).json();
    assertThat(ended.at("/status").asString()).isEqualTo("FAILED");
    assertThat(ended.at("/error/type").asString()).isEqualTo("approval-expired");
  }

  @Test
  void whatAwaitsApprovalIsListed() {
    String one = waiting("listed", "{ approvers: [board], expires: 48h }");
    String two = api.start("listed");
    List<JsonNode> items = listed("definition=listed");
    assertThat(items.stream().map(item -> item.get("execution").asString()))
        .containsExactly(one, two);
    JsonNode first = items.getFirst();
    assertThat(first.get("task").asString()).isEqualTo("settle");
    assertThat(first.at("/approvers/0").asString()).isEqualTo("board");
    assertThat(first.at("/input/sum").asDouble()).isEqualTo(12.5);
    assertThat(first.has("since")).isTrue();
    assertThat(first.has("expiresAt")).isTrue();
    assertThat(listed("definition=listed&role=board")).hasSize(2);
    assertThat(listed("definition=listed&role=sales")).isEmpty();

    var page = api.get("/v1/approvals?definition=listed&limit=1").is(200).json();
    assertThat(page.get("items")).hasSize(1);
    List<JsonNode> rest =
        listed("definition=listed&limit=1&cursor=" + page.get("nextCursor").asString());
    assertThat(rest.getFirst().get("execution").asString()).isEqualTo(two);

    api.post(approve(one), "{\"approved\":true}", "X-Holdfast-Roles", "board").is(200);
    api.postEmpty("/v1/executions/" + two + "/cancel").is(200);
    assertThat(listed("definition=listed")).isEmpty();
    assertThat(api.get("/v1/approvals", "X-Holdfast-Tenant", "others").is(200).json().get("items"))
        .isEmpty();
  }

  @Test
  void aPausedExecutionsGateIsOpenedByItsApprovalAlone() {
    String id = waiting("paused-gate", "true");
    api.postEmpty("/v1/executions/" + id + "/pause").is(200);
    api.post("/v1/executions/" + id + "/resume", "{\"force\":true}").is(200);
    assertThat(api.get("/v1/executions/" + id).text("/tasks/0/status"))
        .isEqualTo("AWAITING_APPROVAL");
    api.postEmpty("/v1/executions/" + id + "/pause").is(200);
    var decided = api.post(approve(id), "{\"approved\":true}").is(200).json();
    assertThat(decided.at("/status").asString()).isEqualTo("PAUSED");
    assertThat(decided.at("/tasks/0/status").asString()).isEqualTo("READY");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    String id = waiting("nonsense", "true");
    api.post(approve(id), "{}").refused(400, "invalid-request");
    api.post(approve(id), "{\"approved\":1}").refused(400, "invalid-request");
    api.post("/v1/executions/" + id + "/tasks/nope/approve", "{\"approved\":true}")
        .refused(404, "task-not-found");
    api.post("/v1/executions/nope/tasks/settle/approve", "{\"approved\":true}")
        .refused(404, "execution-not-found");
    api.get("/v1/approvals?cursor=nonsense").refused(400, "invalid-request");
    api.get("/v1/approvals?limit=0").refused(400, "invalid-request");
  }
}
