package dev.holdfast.grid;

import dev.holdfast.api.ExecutionKey;
import dev.holdfast.core.ChildCommands;
import dev.holdfast.core.Command.FollowParent;
import dev.holdfast.core.ExecutionState;
import dev.holdfast.core.ParentLink;
import dev.holdfast.grid.peer.PeerOp;
import dev.holdfast.grid.reach.Neighbours;
import dev.holdfast.grid.reach.Wire;
import dev.holdfast.journal.PlanResolver;
import java.util.Optional;
import java.util.function.Function;

/**
 * What parents want of their children, said by the parent's owner: a state that a thousand children
 * ask about doesn't travel a thousand times. Blocks; thread-safe.
 */
final class ParentWishes {
  private record Question(String parent, String task, int attempt) {}

  private final Neighbours neighbours;
  private final Function<ExecutionKey, Optional<ExecutionState>> find;
  private final PlanResolver plans;

  /**
   * @param find an execution as it is durably; blocks
   */
  ParentWishes(
      Neighbours neighbours,
      Function<ExecutionKey, Optional<ExecutionState>> find,
      PlanResolver plans) {
    this.neighbours = neighbours;
    this.find = find;
    this.plans = plans;
  }

  /** Says what parents want that this member owns, when others ask. */
  void serve() {
    neighbours.serve(
        PeerOp.PARENT_WISH,
        (from, body) -> {
          Question question = Wire.read(body, Question.class);
          ExecutionKey parent = ExecutionKey.parse(question.parent());
          neighbours.requireOwned(parent);
          return here(parent, question)
              .map(wish -> CommandCodec.encode(parent, wish, false))
              .orElseGet(() -> new byte[0]);
        });
  }

  /**
   * What the parent wants of that child; empty: there is no such parent any more.
   *
   * @throws dev.holdfast.journal.StoreException when its owner does not say
   */
  Optional<FollowParent> of(ExecutionKey parent, ParentLink link) {
    var question = new Question(parent.text(), link.task(), link.attempt());
    return neighbours.ofOwner(
        parent, PeerOp.PARENT_WISH, Wire.write(question), () -> here(parent, question), this::read);
  }

  private Optional<FollowParent> here(ExecutionKey parent, Question question) {
    return find.apply(parent)
        .map(state -> ChildCommands.follow(state, question.task(), question.attempt()));
  }

  private Optional<FollowParent> read(byte[] answer) {
    return answer.length > 0
            && CommandCodec.decode(answer, plans).command() instanceof FollowParent wish
        ? Optional.of(wish)
        : Optional.empty();
  }
}
