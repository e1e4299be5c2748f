package dev.holdfast.grid.reach.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ApprovalView;
import dev.holdfast.core.Command;
import dev.holdfast.grid.Approvals;
import dev.holdfast.grid.TestCluster;
import dev.holdfast.grid.TestMember;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What awaits approval is the same whichever member is asked, also after one was killed. */
class ClusterApprovalsTest {
  private static final int PLACES = 3;

  @Test
  void everyMemberListsWhatAwaitsApprovalOnAny() {
    try (var cluster = new TestCluster(PLACES)) {
      cluster.register(
          "gate",
          """
          name: gate
          tasks:
            ok: { pauseBefore: true }
          """);
      var ids = new ArrayList<String>();
      for (int i = 0; i < 12; i++) {
        int place = i % PLACES;
        ids.add(cluster.idOwnedBy(place));
        cluster.start(place, "gate", ids.getLast(), null);
      }
      for (int place = 0; place < PLACES; place++) {
        assertLists(cluster, place, ids);
      }
      cluster.kill(2);
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(() -> assertLists(cluster, 0, ids));
      for (String id : ids.subList(0, 6)) {
        cluster
            .member(1)
            .submit(
                TestMember.key(id),
                new Command.DecideApproval("d-" + id, "ok", true, "ann", List.of(), null, null))
            .join();
      }
      assertLists(cluster, 0, ids.subList(6, 12));
    }
  }

  private static void assertLists(TestCluster cluster, int place, List<String> ids) {
    var listed = new ArrayList<String>();
    @Nullable String cursor = null;
    do {
      var page =
          cluster
              .member(place)
              .approvals()
              .list(new Approvals.Query("default", null, null, 5, cursor));
      page.items().stream().map(ApprovalView::execution).forEach(listed::add);
      cursor = page.nextCursor();
    } while (cursor != null);
    assertThat(listed).containsExactlyElementsOf(ids);
  }
}
