package dev.holdfast.grid.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the votes of a member list come to. */
class ElectionTest {
  private static final Seats NOT_OPEN = Seats.NONE;
  private static final Proposal PROPOSAL = new Proposal(1000, 7);

  private static Election election(int listSize, boolean shared, boolean forced, Vote... votes) {
    var election = new Election(PROPOSAL, listSize, shared, forced);
    for (Vote vote : votes) {
      election.add(UUID.randomUUID(), vote);
    }
    return election;
  }

  private static Vote yes(int clusterSize, Seats seats) {
    return new Vote(true, PROPOSAL.epoch(), clusterSize, seats, false);
  }

  private static Vote no(long highest) {
    return new Vote(false, highest, 3, NOT_OPEN, false);
  }

  private static Seats open(int count) {
    return new Seats(count, false);
  }

  @Test
  void clusterOfOneOpensByItself() {
    assertThat(election(1, false, false, yes(1, NOT_OPEN)).result())
        .contains(new Adoption(1000, 7, open(1), Phase.INSTALLING));
  }

  @Test
  void minorityAgreesOnNothing() {
    assertThat(election(1, false, false, yes(3, open(3))).result()).isEmpty();
    assertThat(election(2, false, false, yes(3, open(3)), no(5)).result()).isEmpty();
  }

  @Test
  void quorumOfAnOpenClusterGoesOnWithoutWaitingForTheRest() {
    assertThat(election(3, false, false, yes(3, open(3)), yes(3, open(3))).result())
        .contains(new Adoption(1000, 7, open(3), Phase.OPEN));
  }

  @Test
  void whoJoinsAnOpenClusterOpensWithIt() {
    assertThat(election(2, false, false, yes(3, open(3)), yes(3, NOT_OPEN)).result())
        .contains(new Adoption(1000, 7, open(3), Phase.OPEN));
  }

  @Test
  void disksOfTheirOwnWaitForAllMembers() {
    assertThat(election(2, false, false, yes(3, NOT_OPEN), yes(3, NOT_OPEN)).result())
        .map(Adoption::phase)
        .contains(Phase.WAITING);
    assertThat(
            election(3, false, false, yes(3, NOT_OPEN), yes(3, NOT_OPEN), yes(3, NOT_OPEN))
                .result())
        .map(Adoption::phase)
        .contains(Phase.INSTALLING);
  }

  @Test
  void oneStoreForAllNeedsAQuorumOnly() {
    assertThat(election(2, true, false, yes(3, NOT_OPEN), yes(3, NOT_OPEN)).result())
        .map(Adoption::phase)
        .contains(Phase.INSTALLING);
  }

  @Test
  void openingWaitsForTheVoteOfEverybodyInTheList() {
    // The one that has not answered may know that the cluster is open.
    assertThat(election(3, true, false, yes(3, NOT_OPEN), yes(3, NOT_OPEN)).result()).isEmpty();
  }

  @Test
  void forcedOpeningTakesWhoIsThereAndCountsByThem() {
    assertThat(election(1, false, true, yes(3, NOT_OPEN)).result())
        .contains(new Adoption(1000, 7, new Seats(1, true), Phase.INSTALLING));
    assertThat(election(1, false, true, yes(3, open(3))).result())
        .contains(new Adoption(1000, 7, new Seats(1, true), Phase.OPEN));
  }

  @Test
  void clusterOpenedByForceGrowsBackToItsSize() {
    assertThat(election(2, false, false, yes(3, new Seats(1, true)), yes(3, NOT_OPEN)).result())
        .contains(new Adoption(1000, 7, new Seats(2, true), Phase.OPEN));
    assertThat(
            election(3, false, false, yes(3, new Seats(2, true)), yes(3, NOT_OPEN), no(5)).result())
        .contains(new Adoption(1000, 7, open(3), Phase.OPEN));
  }

  @Test
  void moreMembersThanExpectedRaiseTheQuorum() {
    assertThat(
            election(4, false, false, yes(3, open(3)), yes(3, open(3)), yes(3, NOT_OPEN)).result())
        .contains(new Adoption(1000, 7, open(4), Phase.OPEN));
    // Of four, two may be facing two others.
    assertThat(election(2, false, false, yes(3, open(4)), yes(3, open(4))).result()).isEmpty();
  }

  @Test
  void higherPromiseOfAnybodyShows() {
    assertThat(election(2, false, false, yes(3, NOT_OPEN), no(2000)).highest()).isEqualTo(2000);
  }

  @Test
  void samePromiseByWhoStartedLaterOnTheSameStoreIsOutbid() {
    assertThat(election(2, true, false, yes(3, NOT_OPEN), no(1000)).isOutbid()).isTrue();
    assertThat(election(2, true, false, yes(3, NOT_OPEN), no(2000)).isOutbid()).isTrue();
    assertThat(election(2, true, false, yes(3, NOT_OPEN), no(999)).isOutbid()).isFalse();
    assertThat(election(1, true, false, yes(3, NOT_OPEN)).isOutbid()).isFalse();
  }

  @Test
  void clusterThatLostExecutionsOpensAnew() {
    var knows = new Vote(true, PROPOSAL.epoch(), 3, open(3), true);
    assertThat(election(2, false, false, yes(3, open(3)), knows).result())
        .map(Adoption::phase)
        .contains(Phase.WAITING);
    assertThat(election(2, true, false, yes(3, open(3)), knows).result())
        .map(Adoption::phase)
        .contains(Phase.INSTALLING);
  }
}
