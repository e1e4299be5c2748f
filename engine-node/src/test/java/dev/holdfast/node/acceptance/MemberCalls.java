package dev.holdfast.node.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.chaos.cluster.ProcessCluster;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/** Calls to whichever member of a cluster answers, while some are killed. For one thread. */
final class MemberCalls {
  private static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(60);
  private static final Duration CALL_WAIT_MAX = Duration.ofSeconds(10);

  private final List<HttpApi> members;
  private int next;

  MemberCalls(ProcessCluster cluster) {
    members =
        cluster.members().stream()
            .map(member -> new HttpApi(member.http(), CALL_WAIT_MAX))
            .toList();
  }

  /** A call to the member that it is given. */
  interface Call {
    HttpApi.Answer to(HttpApi member) throws IOException;
  }

  /** Again and again, member by member, until it is done; what was answered then. */
  JsonNode until(int status, Call call) {
    long end = System.nanoTime() + ANSWER_WAIT_MAX.toNanos();
    while (System.nanoTime() < end) {
      next = (next + 1) % members.size();
      try {
        HttpApi.Answer answer = call.to(members.get(next));
        // A repeat of what was done already is answered with 200.
        if (answer.status() == status || answer.status() == 200) {
          return answer.json();
        }
        assertThat(answer.status()).as(answer.toString()).isIn(429, 503, 404);
      } catch (IOException e) {
        // That one is being killed.
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new IllegalStateException("no member answered with " + status);
  }

  /** The first events of an execution, a thousand at most. */
  List<JsonNode> history(String execution) {
    String id = URLEncoder.encode(execution, StandardCharsets.UTF_8);
    return items("/v1/executions/" + id + "/history?limit=1000");
  }

  /** Ids of executions that run, a thousand at most. */
  List<String> running() {
    return items("/v1/executions?status=RUNNING&limit=1000").stream()
        .map(item -> item.get("id").asString())
        .toList();
  }

  /** How many executions the definition has, a thousand at most. */
  int count(String definition) {
    return items("/v1/executions?limit=1000&definition=" + definition).size();
  }

  private List<JsonNode> items(String path) {
    var items = new ArrayList<JsonNode>();
    until(200, http -> http.get(path)).get("items").forEach(items::add);
    return items;
  }
}
