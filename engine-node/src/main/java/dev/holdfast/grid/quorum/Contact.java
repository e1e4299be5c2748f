package dev.holdfast.grid.quorum;

import dev.holdfast.grid.peer.PeerOp;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a quorum, this member included, has lately had promised nothing newer than the epoch that
 * this member goes by. A process that was suspended can't tell by anything else that the others
 * have gone on without it: its member list is the old one until it has heard of them. Thread-safe.
 */
final class Contact {
  private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

  /**
   * Others go on without a member that they have not heard of for five seconds, and what they heard
   * is a second older at most than what they answered.
   */
  static final Duration LASTS = Duration.ofSeconds(3);

  private static final long LASTS_NANOS = LASTS.toNanos();
  private static final long RENEW_NANOS = LASTS_NANOS / 6;
  private static final long ASK_AGAIN_NANOS = Duration.ofMillis(20).toNanos();
  private static final int BYTES = Long.BYTES + Integer.BYTES;

  private final Questions questions;
  private final LongSupplier nanos;
  private volatile @Nullable Round answered;
  private @Nullable Round asked;

  /** The way to another member; the answer is 1 byte, 0 for no. */
  interface Questions {
    CompletableFuture<byte[]> ask(UUID member, PeerOp op, byte[] body);
  }

  /** What one member asked all others at once. */
  private record Round(long epoch, int listVersion, long atNanos, AtomicInteger missing) {
    boolean isAbout(Adoption adoption) {
      return epoch == adoption.epoch() && listVersion == adoption.listVersion();
    }
  }

  /**
   * @param nanos such as {@link System#nanoTime}, which goes on while the process is suspended
   */
  Contact(Questions questions, LongSupplier nanos) {
    this.questions = questions;
    this.nanos = nanos;
  }

  /** Cheap. Counted from when the others were asked, not from when they answered. */
  boolean isKept(Adoption adoption) {
    if (needed(adoption) == 0) {
      return true;
    }
    Round last = answered;
    return last != null
        && last.isAbout(adoption)
        && nanos.getAsLong() - last.atNanos() < LASTS_NANOS;
  }

  private static int needed(Adoption adoption) {
    return Seats.quorumOf(adoption.seats().count()) - 1;
  }

  /** Asks the others, where that is due. To be called every 100 ms or so. */
  synchronized void renew(MemberList list, Adoption adoption) {
    int needed = needed(adoption);
    long now = nanos.getAsLong();
    if (needed == 0 || list.version() != adoption.listVersion() || !isDue(adoption, now)) {
      return;
    }
    var round = new Round(adoption.epoch(), adoption.listVersion(), now, new AtomicInteger(needed));
    asked = round;
    byte[] body =
        ByteBuffer.allocate(BYTES).putLong(round.epoch()).putInt(round.listVersion()).array();
    for (UUID member : list.members()) {
      if (!member.equals(list.self())) {
        questions
            .ask(member, PeerOp.EPOCH_HELD, body)
            .whenComplete((answer, error) -> {
              if (error != null) {
                LOG.debug("{} does not say which epoch it goes by", member, error);
              } else if (answer[0] != 0 && round.missing().decrementAndGet() == 0) {
                keep(round);
              }
            });
      }
    }
  }

  private boolean isDue(Adoption adoption, long now) {
    Round last = asked;
    if (last == null || !last.isAbout(adoption)) {
      return true;
    }
    return now - last.atNanos() >= (last.missing().get() > 0 ? ASK_AGAIN_NANOS : RENEW_NANOS);
  }

  private synchronized void keep(Round round) {
    Round last = answered;
    if (last == null || round.atNanos() - last.atNanos() > 0) {
      answered = round;
    }
  }

  /** Answers another member's question. */
  static byte[] answer(byte[] body, long promised, int listVersion) {
    var in = ByteBuffer.wrap(body);
    return new byte[] {Vote.flag(in.getLong() == promised && in.getInt() == listVersion)};
  }
}
