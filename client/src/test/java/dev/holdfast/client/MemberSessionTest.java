package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class MemberSessionTest {
  private static final UUID MEMBER = new UUID(0, 1);

  @Test
  void aNewSessionGrantsItsShareLessWhatIsHeld() {
    assertThat(limit(session(5, 0))).isEqualTo(5);
    assertThat(limit(session(5, 2))).isEqualTo(3);
    assertThat(limit(session(5, 9))).isZero();
  }

  @Test
  void nothingIsGrantedBeforePushesArrive() {
    var session = new MemberSession(MEMBER, 7, 5, 0);
    assertThat(session.takeWindow()).isNull();
    session.open = true;
    assertThat(session.takeWindow()).isNotNull();
    assertThat(session.takeWindow()).as("told once").isNull();
    session.windowLost();
    assertThat(session.takeWindow()).as("told again").isNotNull();
  }

  @Test
  void whatIsHeldBeyondTheShareIsWorkedOffFirst() {
    MemberSession session = session(2, 4);
    session.released();
    session.released();
    assertThat(limit(session)).isZero();
    session.released();
    assertThat(limit(session)).isEqualTo(1);
  }

  @Test
  void aShareThatShrinksAndGrowsBackChangesNothing() {
    MemberSession session = session(6, 0);
    session.share(2);
    session.share(6);
    assertThat(limit(session)).isEqualTo(6);
    session.released();
    assertThat(limit(session)).isEqualTo(7);
  }

  @Test
  void aTaskIsTakenOnceAndNotAfterItWasGivenUp() {
    MemberSession session = session(10, 0);
    assertThat(session.accept(1)).isTrue();
    assertThat(session.accept(1)).isFalse();
    assertThat(session.accept(3)).isTrue();
    assertThat(session.accept(2)).as("a later one came: it was lost").isFalse();
    session.assignedByMember(5);
    assertThat(session.accept(4)).as("it may have been on its way").isTrue();
    session.assignedByMember(5);
    assertThat(session.accept(5)).as("announced by two beats").isFalse();
  }

  /** The member's credit and the tasks held always add up to the share, whatever its changes. */
  @RepeatedTest(200)
  void creditAndTasksAddUpToTheShare() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int held = random.nextInt(12);
    MemberSession session = session(1 + random.nextInt(8), held);
    long assigned = 0;
    ArrayDeque<Long> running = new ArrayDeque<>();
    for (int step = 0; step < 200; step++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          if (assigned < limit(session)) {
            assigned++;
            running.add(assigned);
            assertThat(session.accept(assigned)).isTrue();
          }
        }
        case 2 -> {
          if (!running.isEmpty()) {
            running.remove();
            session.released();
          } else if (held > 0) {
            held--;
            session.released();
          }
        }
        default -> session.share(1 + random.nextInt(8));
      }
      long mayHold = limit(session) - assigned + running.size() + held;
      assertThat(mayHold).as("seed %d step %d", seed, step).isGreaterThanOrEqualTo(session.share());
    }
    while (!running.isEmpty() || held > 0) {
      if (running.poll() == null) {
        held--;
      }
      session.released();
    }
    while (assigned < limit(session)) {
      assigned++;
      session.accept(assigned);
      running.add(assigned);
    }
    int most = running.size();
    for (int i = 0; i < most; i++) {
      session.released();
    }
    assertThat(limit(session) - assigned)
        .as("seed %d: once all has passed through, exactly the share", seed)
        .isEqualTo(session.share());
  }

  private static MemberSession session(int share, int alreadyHeld) {
    var session = new MemberSession(MEMBER, 7, share, alreadyHeld);
    session.open = true;
    return session;
  }

  private static long limit(MemberSession session) {
    session.windowLost();
    return session.takeWindow().limit();
  }
}
