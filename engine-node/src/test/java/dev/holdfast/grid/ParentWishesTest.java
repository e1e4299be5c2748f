package dev.holdfast.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.api.PauseMode;
import dev.holdfast.core.Command;
import dev.holdfast.core.ParentLink;
import dev.holdfast.core.ParentWish;
import dev.holdfast.grid.peer.Peers;
import dev.holdfast.grid.reach.Neighbours;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a parent on another member wants, told without its state. */
class ParentWishesTest {
  private static final int PARENT = 0;
  private static final int ASKING = 1;

  @Test
  void theOwnerSaysWhatItWantsOfTheChild() {
    try (var cluster = new TestCluster(2)) {
      cluster.register("child", "{name: child, tasks: {work: {agent: nobody}}}");
      cluster.register("parent", "{name: parent, tasks: {x: {workflow: child}}}");
      String id = cluster.idOwnedBy(PARENT);
      assertThat(cluster.start(ASKING, "parent", id, null)).isInstanceOf(Outcome.Done.class);
      GridEngine asking = cluster.member(ASKING);
      var wishes =
          new ParentWishes(
              new Neighbours(Peers.on(asking.hazelcast()), new Replicas(asking.hazelcast())),
              key -> {
                throw new AssertionError("the state of " + key + " was asked for");
              },
              asking.definitions());
      ExecutionKey parent = TestMember.key(id);
      var link = new ParentLink(id, "x", 1, 1);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> asking.find(TestMember.key(id + "/x")).isPresent());
      assertThat(wish(wishes.of(parent, link))).isInstanceOf(ParentWish.Run.class);
      assertThat(wish(wishes.of(parent, new ParentLink(id, "x", 7, 1))))
          .isInstanceOf(ParentWish.Release.class);
      cluster.submit(
          ASKING, id, new Command.PauseExecution("p", PauseMode.IMMEDIATE, "ann", "a look"));
      assertThat(wishes.of(parent, link))
          .get()
          .satisfies(wish -> assertThat(wish.by()).isEqualTo("ann"))
          .satisfies(wish ->
              assertThat(wish.wish())
                  .isInstanceOfSatisfying(
                      ParentWish.Pause.class,
                      pause -> assertThat(pause.mode()).isEqualTo(PauseMode.IMMEDIATE)));
      assertThat(wishes.of(TestMember.key(cluster.idOwnedBy(PARENT)), link)).isEmpty();
    }
  }

  private static ParentWish wish(Optional<Command.FollowParent> said) {
    return said.orElseThrow().wish();
  }
}
