package dev.holdfast.client;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import dev.holdfast.api.BlobRef;
import dev.holdfast.api.HoldfastException;
import dev.holdfast.api.InvalidRequestException;
import dev.holdfast.api.JsonValues;
import dev.holdfast.api.NotFoundException;
import dev.holdfast.api.UnavailableException;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.client.wire.BlobAnswer;
import dev.holdfast.client.wire.BlobCall;
import dev.holdfast.client.wire.BlobQuestion;
import dev.holdfast.client.wire.BlobQuestion.Op;
import dev.holdfast.client.wire.PieceStream;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.client.wire.Wire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Data that is too large to travel in a value: to members and back, piece by piece over the
 * client's own connection. Blocks. Thread-safe.
 */
final class LargeData {
  private static final Logger LOG = LoggerFactory.getLogger(LargeData.class);

  /** A value of more bytes is uploaded; whether a smaller one travels as it is, a member says. */
  static final long VALUE_BYTES_MAX = 1L << 20;

  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 200;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Cluster cluster;
  private final HazelcastInstance hazelcast;

  LargeData(Cluster cluster) {
    this.cluster = cluster;
    this.hazelcast = cluster.hazelcast();
  }

  /** Where content comes from. */
  @FunctionalInterface
  interface Source {
    /** Gives all of it, from its first byte. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** The value, or a reference to it where it is too large to travel. */
  @Nullable Object outgoing(@Nullable Object value, Duration bound) {
    if (value == null || JsonValues.sizeBytes(value) <= VALUE_BYTES_MAX) {
      return value;
    }
    // Written as it is sent: the text of it is never there as a whole.
    return upload(out -> writeJson(out, value), true, BlobRef.JSON, bound).toValue();
  }

  private static void writeJson(OutputStream out, Object value) throws IOException {
    try (var generator = JSON.createGenerator(new Unclosed(out))) {
      ValueFormat.write(generator, value);
    } catch (JacksonException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  /** A stream that its writer may close, and that is not. */
  private static final class Unclosed extends OutputStream {
    private final OutputStream out;

    Unclosed(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
      out.write(from, offset, count);
    }
  }

  /** The value with the JSON that it refers to in its place; what is no JSON stays a reference. */
  @Nullable Object resolved(@Nullable Object value) {
    return BlobRef.resolved(value, this::value);
  }

  private @Nullable Object value(BlobRef reference) {
    BlobRef known = reference.mediaType() == null ? find(reference) : reference;
    String type = known.mediaType();
    if (type == null || !type.startsWith(BlobRef.JSON)) {
      return known.toValue();
    }
    try (InputStream in = open(known)) {
      return ValueFormat.JSON.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends content to a member, to another one where that fails.
   *
   * @param repeatable whether the source gives the same again
   * @param bound how long it is tried again
   * @throws HoldfastException when it is refused, or nobody takes it in time
   * @throws UncheckedIOException when the source fails
   */
  BlobRef upload(Source source, boolean repeatable, String mediaType, Duration bound) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      try (var upload = new Upload(member())) {
        source.writeTo(upload);
        return upload.keep(mediaType);
      } catch (UnavailableException e) {
        if (!repeatable || System.nanoTime() - deadline > 0) {
          throw e;
        }
        pause();
      } catch (IOException e) {
        throw new UncheckedIOException("the content can't be read", e);
      }
    }
  }

  private final class Upload extends OutputStream {
    private final Member member;
    private final long number = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    private final byte[] piece = new byte[BlobQuestion.PIECE_BYTES_MAX];
    private int filled;
    private long sent;
    private boolean open = true;

    Upload(Member member) {
      this.member = member;
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
      int done = 0;
      while (done < count) {
        int some = Math.min(piece.length - filled, count - done);
        System.arraycopy(from, offset + done, piece, filled, some);
        filled += some;
        done += some;
        if (filled == piece.length) {
          send();
        }
      }
    }

    private void send() {
      byte[] bytes = Arrays.copyOf(piece, filled);
      ask(member, question(Op.PIECE, number, "", sent, 0, bytes));
      sent += filled;
      filled = 0;
    }

    BlobRef keep(String mediaType) {
      if (filled > 0 || sent == 0) {
        send();
      }
      BlobAnswer kept = ask(member, question(Op.KEEP, number, mediaType, sent, 0, null));
      open = false;
      return new BlobRef(kept.sha256(), kept.size(), mediaType);
    }

    @Override
    public void close() {
      if (open && sent > 0) {
        open = false;
        try {
          ask(member, question(Op.DISCARD, number, "", 0, 0, null));
        } catch (HoldfastException e) {
          // It is forgotten there after a while anyway; what went wrong first is what counts.
          LOG.debug("an upload could not be given up", e);
        }
      }
    }
  }

  /**
   * What the reference says, and what it leaves out.
   *
   * @throws NotFoundException when there is no such blob
   */
  BlobRef find(BlobRef reference) {
    BlobAnswer found = again(question(Op.FIND, 0, reference.sha256(), 0, 0, null));
    return new BlobRef(
        found.sha256(),
        found.size(),
        reference.mediaType() == null ? found.mediaType() : reference.mediaType());
  }

  /** The content, read as it is asked for. */
  InputStream open(BlobRef reference) {
    return new BufferedInputStream(new Download(reference), BlobQuestion.PIECE_BYTES_MAX);
  }

  private final class Download extends PieceStream {
    private final BlobRef reference;
    private long from;

    Download(BlobRef reference) {
      this.reference = reference;
    }

    @Override
    protected byte[] next() {
      BlobQuestion read =
          question(Op.READ, 0, reference.sha256(), from, BlobQuestion.PIECE_BYTES_MAX, null);
      byte[] piece = again(read).bytes();
      if (piece == null) {
        return new byte[0];
      }
      from += piece.length;
      return piece;
    }
  }

  private BlobQuestion question(
      Op op, long upload, String text, long from, int most, byte @Nullable [] bytes) {
    return new BlobQuestion(op, cluster.tenant(), upload, text, from, most, bytes);
  }

  /** Asks one member after the other until one answers or time is up. */
  private BlobAnswer again(BlobQuestion question) {
    long deadline = System.nanoTime() + cluster.commandTimeout().toNanos();
    while (true) {
      try {
        return ask(member(), question);
      } catch (UnavailableException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        pause();
      }
    }
  }

  private Member member() {
    List<Member> members = List.copyOf(hazelcast.getCluster().getMembers());
    if (members.isEmpty()) {
      throw new UnavailableException("unreachable", "the cluster has no members", null);
    }
    return members.get(ThreadLocalRandom.current().nextInt(members.size()));
  }

  private BlobAnswer ask(Member member, BlobQuestion question) {
    try {
      byte[] answer =
          hazelcast
              .getExecutorService(Wire.BLOBS_EXECUTOR)
              .submitToMember(new BlobCall(question), member)
              .get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
      return accepted(BlobAnswer.decode(answer));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", "interrupted while data was on its way", e);
    } catch (HoldfastException e) {
      throw e;
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      Throwable cause = Stages.unwrap(e);
      if (Courier.isPermanent(cause)) {
        throw new IllegalStateException("the client failed", cause);
      }
      throw new UnavailableException(
          "unreachable", "member " + member.getUuid() + " did not answer: " + cause, cause);
    }
  }

  private static BlobAnswer accepted(BlobAnswer answer) {
    String code = answer.code();
    if (code == null) {
      return answer;
    }
    var refused = new Reply.Refused(code, answer.message());
    if (refused.isTransient() || code.equals(BlobAnswer.UNKNOWN_UPLOAD)) {
      throw new UnavailableException(code, answer.message(), null);
    }
    if (code.equals("blob-not-found")) {
      throw new NotFoundException(code, answer.message());
    }
    throw new InvalidRequestException(code, answer.message(), List.of());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", "interrupted while waiting for a member", e);
    }
  }
}
