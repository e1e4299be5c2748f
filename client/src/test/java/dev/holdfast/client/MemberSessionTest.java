package dev.holdfast.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.client.wire.Request;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemberSessionTest {
  private final MemberSession session = new MemberSession(new UUID(0, 1), 7);

  @Test
  void nothingIsGrantedBeforePushesArrive() {
    session.granted();
    assertThat(session.takeWindow()).isNull();
    session.open = true;
    assertThat(session.takeWindow()).isNotNull();
    assertThat(session.takeWindow()).as("told once").isNull();
    session.windowLost();
    assertThat(session.takeWindow()).as("told again").isNotNull();
  }

  @Test
  void aTaskIsTakenOnceAndNotAfterItWasGivenUp() {
    assertThat(session.accept(1)).isZero();
    assertThat(session.accept(1)).isEqualTo(-1);
    assertThat(session.accept(3)).as("one is missing").isEqualTo(1);
    assertThat(session.accept(2)).as("a later one came: it was lost").isEqualTo(-1);
    assertThat(session.assignedByMember(5)).isZero();
    assertThat(session.accept(4)).as("it may have been on its way").isZero();
    assertThat(session.assignedByMember(5)).isEqualTo(1);
    assertThat(session.accept(5)).as("announced by two beats").isEqualTo(-1);
  }

  @Test
  void aRecallCountsOnceHoweverOftenItIsAnswered() {
    session.open = true;
    for (int i = 0; i < 5; i++) {
      session.granted();
    }
    Request.Recall recall = session.recall(4);
    assertThat(session.recallAgain()).as("it is under way").isNull();
    session.recallLost(recall.number());
    assertThat(session.recallAgain()).isEqualTo(recall);
    assertThat(session.recalled(recall.number(), 3)).isEqualTo(3);
    assertThat(session.recalled(recall.number(), 3)).isZero();
    assertThat(session.places).isEqualTo(2);
    assertThat(session.exhausted).isTrue();
    assertThat(session.recall(1).number()).isEqualTo(recall.number() + 1);
  }
}
