package dev.holdfast.grid.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ContactTest {
  private static final UUID SELF = new UUID(0, 1);
  private static final MemberList LIST =
      new MemberList(7, List.of(SELF, new UUID(0, 2), new UUID(0, 3)), SELF);
  private static final Adoption ADOPTED = adopted(100, 3);
  private static final byte[] YES = {1};
  private static final byte[] NO = {0};

  private final List<CompletableFuture<byte[]>> answers = new ArrayList<>();
  private long nanos = 42;
  private final Contact contact = new Contact((member, op, body) -> asked(), () -> nanos);

  private CompletableFuture<byte[]> asked() {
    var answer = new CompletableFuture<byte[]>();
    answers.add(answer);
    return answer;
  }

  private static Adoption adopted(long epoch, int members) {
    return new Adoption(epoch, LIST.version(), new Seats(members, false), Phase.OPEN);
  }

  private void passes(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void nothingIsKnownBeforeAQuorumHasAnswered() {
    contact.renew(LIST, ADOPTED);
    assertThat(answers).hasSize(2);
    assertThat(contact.isKept(ADOPTED)).isFalse();
    answers.getFirst().complete(YES);
    assertThat(contact.isKept(ADOPTED)).isTrue();
    assertThat(contact.isKept(adopted(101, 3))).as("another epoch").isFalse();
  }

  @Test
  void memberThatWasSuspendedKnowsNothing() {
    contact.renew(LIST, ADOPTED);
    answers.getFirst().complete(YES);
    passes(Contact.LASTS);
    assertThat(contact.isKept(ADOPTED)).isFalse();
  }

  @Test
  void answerToAQuestionOfLongAgoSaysNothing() {
    contact.renew(LIST, ADOPTED);
    passes(Contact.LASTS);
    answers.forEach(one -> one.complete(YES));
    assertThat(contact.isKept(ADOPTED)).isFalse();
    contact.renew(LIST, ADOPTED);
    answers.getLast().complete(YES);
    assertThat(contact.isKept(ADOPTED)).isTrue();
  }

  @Test
  void whoHasGoneOnDoesNotCount() {
    contact.renew(LIST, ADOPTED);
    answers.get(0).complete(NO);
    answers.get(1).completeExceptionally(new IllegalStateException("gone"));
    assertThat(contact.isKept(ADOPTED)).isFalse();
  }

  @Test
  void itIsRenewedBeforeItEnds() {
    contact.renew(LIST, ADOPTED);
    answers.getFirst().complete(YES);
    for (int i = 0; i < 10; i++) {
      passes(Contact.LASTS.dividedBy(2));
      contact.renew(LIST, ADOPTED);
      answers.getLast().complete(YES);
      assertThat(contact.isKept(ADOPTED)).isTrue();
    }
    int asked = answers.size();
    contact.renew(LIST, ADOPTED);
    assertThat(answers).as("not more often than needed").hasSize(asked);
  }

  @Test
  void whoIsAQuorumByItselfAsksNobody() {
    Adoption alone = adopted(100, 1);
    contact.renew(LIST, alone);
    assertThat(answers).isEmpty();
    assertThat(contact.isKept(alone)).isTrue();
  }

  @Test
  void onlyThePromisedEpochOfTheSameListIsHeld() {
    var bodies = new ArrayList<byte[]>();
    new Contact(
            (member, op, body) -> {
              bodies.add(body);
              return asked();
            },
            () -> nanos)
        .renew(LIST, ADOPTED);
    byte[] question = bodies.getFirst();
    assertThat(Contact.answer(question, 100, 7)).isEqualTo(YES);
    assertThat(Contact.answer(question, 101, 7)).isEqualTo(NO);
    assertThat(Contact.answer(question, 100, 8)).isEqualTo(NO);
  }
}
