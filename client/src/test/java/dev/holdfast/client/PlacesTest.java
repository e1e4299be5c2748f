package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.wire.Request;
import dev.holdfast.client.wire.RequestBatch.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);
  private static final UUID C = new UUID(0, 3);

  private final Places places = new Places(6);

  @Test
  void placesLieEvenlyWhereNothingWaits() {
    assertThat(open(places, A).places).isEqualTo(6);
    assertThat(open(places, B).places).as("all are taken").isZero();
    assertThat(places.settle()).as("a second has to pass first").isEmpty();
    answerAll(places.settle());
    assertThat(places.of(A).places).isEqualTo(3);
    assertThat(places.of(B).places).isEqualTo(3);
  }

  @Test
  void theShareOfAMemberThatIsNotOpenYetWaitsForIt() {
    places.begin(A, 1);
    places.begin(B, 2);
    places.opened(places.of(A));
    assertThat(places.of(A).places).isEqualTo(3);
    places.opened(places.of(B));
    assertThat(places.of(B).places).isEqualTo(3);
  }

  @Test
  void unusedPlacesAreCalledBackForWhereTasksWait() {
    MemberSession a = open(places, A);
    MemberSession b = open(places, B);
    places.wanted(b, 2);
    List<Places.Order> orders = places.recalls();
    assertThat(orders).hasSize(1);
    assertThat(orders.getFirst().member()).isEqualTo(A);
    assertThat(orders.getFirst().recall().most()).isEqualTo(2);
    assertThat(places.recalls()).as("asked once").isEmpty();
    places.recalled(a, orders.getFirst().recall().number(), 2);
    assertThat(b.places).isEqualTo(2);
    assertThat(a.places).isEqualTo(4);
  }

  @Test
  void aPlaceThatIsFreedGoesToWhomHasWaitedLongest() {
    var one = new Places(1);
    MemberSession a = open(one, A);
    MemberSession b = open(one, B);
    MemberSession c = open(one, C);
    assertThat(one.take(a, 1)).isTrue();
    one.wanted(a, 9);
    one.wanted(b, 9);
    one.wanted(c, 9);
    List<UUID> served = new ArrayList<>();
    Map<UUID, Long> numbers = new HashMap<>(Map.of(A, 1L, B, 0L, C, 0L));
    MemberSession home = a;
    for (int i = 0; i < 6; i++) {
      one.released(home);
      home = List.of(a, b, c).stream().filter(each -> each.places == 1).findFirst().orElseThrow();
      served.add(home.member);
      assertThat(one.take(home, numbers.merge(home.member, 1L, Long::sum))).isTrue();
    }
    assertThat(served.subList(0, 3)).containsExactlyInAnyOrder(A, B, C);
    assertThat(served.subList(3, 6)).isEqualTo(served.subList(0, 3));
  }

  @Test
  void whatAMemberHadNotUsedIsFreeWhenItLeavesAndTheRestAsItsTasksEnd() {
    MemberSession a = open(places, A);
    MemberSession b = open(places, B);
    assertThat(places.take(a, 1)).isTrue();
    places.end(A);
    assertThat(b.places).isEqualTo(5);
    places.released(a);
    assertThat(b.places).isEqualTo(6);
  }

  @Test
  void whatWasUsedALittleWhileAgoIsNotMoved() {
    MemberSession a = open(places, A);
    open(places, B);
    for (int i = 1; i <= 6; i++) {
      assertThat(places.take(a, i)).isTrue();
    }
    for (int i = 1; i <= 6; i++) {
      places.released(a);
    }
    assertThat(places.settle()).as("all were needed in that second").isEmpty();
    assertThat(places.settle()).as("none was").hasSize(1);
  }

  private void answerAll(List<Places.Order> orders) {
    for (Places.Order order : orders) {
      MemberSession session = places.of(order.member());
      places.recalled(session, order.recall().number(), order.recall().most());
    }
  }

  private static MemberSession open(Places places, UUID member) {
    MemberSession session = places.begin(member, member.getLeastSignificantBits());
    places.opened(session);
    return session;
  }

  /** A member as far as its credits go, which works by {@code GateSession} and the exchange. */
  private static final class Member {
    final UUID id;
    @Nullable MemberSession session;
    long granted;
    long assigned;
    int credit;
    int waiting;
    long recallNumber;
    int recallAnswer;

    Member(UUID id) {
      this.id = id;
    }

    void window(Window window) {
      if (session != null && window.session() == session.id && window.limit() > granted) {
        credit += (int) (window.limit() - granted);
        granted = window.limit();
      }
    }

    int recall(Request.Recall recall) {
      if (recall.number() > recallNumber) {
        recallNumber = recall.number();
        recallAnswer = Math.min(credit, recall.most());
        credit -= recallAnswer;
      }
      return recallAnswer;
    }

    void restart(MemberSession fresh) {
      session = fresh;
      granted = 0;
      assigned = 0;
      credit = 0;
      recallNumber = 0;
    }
  }

  /**
   * Messages are delayed, lost and repeated, members come and go: there are never more tasks than
   * places, and in the end every place can be used by whoever has tasks.
   */
  @RepeatedTest(300)
  void thereAreNeverMoreTasksThanPlacesAndNoPlaceIsLost() {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    Random random = new Random(seed);
    int total = 1 + random.nextInt(7);
    var agent = new Places(total);
    List<Member> members = List.of(new Member(A), new Member(B), new Member(C));
    long sessions = 0;
    Deque<Runnable> network = new ArrayDeque<>();
    List<MemberSession> running = new ArrayList<>();
    for (int step = 0; step < 600; step++) {
      Member member = members.get(random.nextInt(members.size()));
      MemberSession session = member.session;
      switch (random.nextInt(12)) {
        case 0 -> {
          if (random.nextInt(4) == 0) {
            MemberSession fresh = agent.begin(member.id, ++sessions);
            member.restart(fresh);
            agent.opened(fresh);
          }
        }
        case 1, 2 -> member.waiting += random.nextInt(3);
        case 3, 4, 5 -> assign(agent, member, network, running, random.nextInt(8) == 0);
        case 6, 7 -> {
          if (!running.isEmpty()) {
            agent.released(running.remove(random.nextInt(running.size())));
          }
        }
        case 8 -> {
          if (session != null) {
            int wanted = member.credit > 0 ? 0 : member.waiting;
            long count = member.assigned;
            network.add(() -> {
              if (!session.gone) {
                agent.assigned(session, count);
                agent.wanted(session, wanted);
              }
            });
          }
        }
        case 9 -> send(agent, agent.settle(), members, network, random);
        default -> deliverSome(network, random);
      }
      send(agent, agent.recalls(), members, network, random);
      for (Member each : members) {
        Window window = agent.takeWindow(each.id);
        if (window != null) {
          if (random.nextInt(5) == 0) {
            agent.of(each.id).windowLost();
          }
          network.add(() -> each.window(window));
        }
      }
      assertThat(running.size()).as("seed %d step %d", seed, step).isLessThanOrEqualTo(total);
    }
    settleDown(seed, agent, members, network, running, total);
  }

  private static void assign(
      Places agent,
      Member member,
      Deque<Runnable> network,
      List<MemberSession> running,
      boolean lost) {
    MemberSession session = member.session;
    if (session == null || member.credit == 0 || member.waiting == 0) {
      return;
    }
    member.credit--;
    member.waiting--;
    long number = ++member.assigned;
    if (!lost) {
      network.add(() -> {
        if (!session.gone && agent.take(session, number)) {
          running.add(session);
        }
      });
    }
  }

  private static void send(
      Places agent,
      List<Places.Order> orders,
      List<Member> members,
      Deque<Runnable> network,
      Random random) {
    for (Places.Order order : orders) {
      Member member =
          members.stream().filter(each -> each.id.equals(order.member())).findAny().orElseThrow();
      MemberSession session = agent.of(order.member());
      boolean requestLost = random.nextInt(6) == 0;
      boolean replyLost = random.nextInt(6) == 0;
      network.add(() -> {
        int credits = requestLost || member.session != session ? 0 : member.recall(order.recall());
        network.add(() -> {
          if (requestLost || replyLost) {
            session.recallLost(order.recall().number());
          } else if (!session.gone) {
            agent.recalled(session, order.recall().number(), credits);
          }
        });
      });
    }
  }

  private static void deliverSome(Deque<Runnable> network, Random random) {
    for (int i = random.nextInt(4); i > 0 && !network.isEmpty(); i--) {
      network.remove().run();
    }
  }

  private static void settleDown(
      long seed,
      Places agent,
      List<Member> members,
      Deque<Runnable> network,
      List<MemberSession> running,
      int total) {
    Random calm =
        new Random() {
          private static final long serialVersionUID = 1L;

          @Override
          public int nextInt(int bound) {
            return bound - 1;
          }
        };
    for (Member member : members) {
      MemberSession fresh = member.session == null ? agent.begin(member.id, -1) : member.session;
      if (member.session == null) {
        member.restart(fresh);
        agent.opened(fresh);
      }
      member.waiting = 0;
    }
    Member last = members.getFirst();
    last.waiting = 10 * total;
    for (int second = 0; second < 10; second++) {
      while (!network.isEmpty()) {
        network.remove().run();
      }
      for (Member member : members) {
        MemberSession session = agent.of(member.id);
        session.windowLost();
        Window window = agent.takeWindow(member.id);
        if (window != null) {
          member.window(window);
        }
        while (member.credit > 0 && member.waiting > 0) {
          assign(agent, member, network, running, false);
        }
        while (!network.isEmpty()) {
          network.remove().run();
        }
        agent.assigned(session, member.assigned);
        agent.wanted(session, member.credit > 0 ? 0 : member.waiting);
      }
      send(agent, agent.settle(), members, network, calm);
      send(agent, agent.recalls(), members, network, calm);
    }
    assertThat(running.size()).as("seed %d: every place is used", seed).isEqualTo(total);
  }
}
