package dev.holdfast.grid.gate;

import dev.holdfast.client.wire.BlobAnswer;
import dev.holdfast.client.wire.BlobQuestion;
import dev.holdfast.client.wire.GateClosedException;
import dev.holdfast.client.wire.MemberGate;
import dev.holdfast.client.wire.Reply;
import dev.holdfast.core.Rejection;
import dev.holdfast.grid.Engine;
import dev.holdfast.grid.blob.BlobTooLargeException;
import dev.holdfast.grid.blob.IncomingBlob;
import dev.holdfast.journal.blob.BlobKey;
import dev.holdfast.journal.blob.NoSuchBlobException;
import dev.holdfast.journal.blob.StoredBlob;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Large data of thin clients: takes it piece by piece, and gives it so. Uploads that nothing comes
 * for any more are given up. Thread-safe.
 */
public final class BlobGate implements MemberGate, AutoCloseable {
  private static final int UPLOADS_MAX = 1000;
  private static final long IDLE_NANOS_MAX = Duration.ofMinutes(2).toNanos();

  private final Engine engine;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<Long, Upload> uploads = new ConcurrentHashMap<>();
  private volatile boolean open = true;

  private static final class Upload {
    final String tenant;
    final IncomingBlob incoming;
    long usedNanos;

    Upload(String tenant, IncomingBlob incoming, long usedNanos) {
      this.tenant = tenant;
      this.incoming = incoming;
      this.usedNanos = usedNanos;
    }
  }

  public BlobGate(Engine engine, LongSupplier nanoTime) {
    this.engine = engine;
    this.nanoTime = nanoTime;
  }

  @Override
  public byte[] handle(byte[] question) {
    if (!open) {
      throw new GateClosedException();
    }
    return answer(BlobQuestion.decode(question)).encode();
  }

  private BlobAnswer answer(BlobQuestion question) {
    Rejection closed = engine.control().refusal().orElse(null);
    if (closed != null) {
      return BlobAnswer.refused(closed.code().text(), closed.message());
    }
    try {
      return switch (question.op()) {
        case PIECE -> piece(question);
        case KEEP -> keep(question);
        case DISCARD -> discard(question);
        case FIND -> find(question);
        case READ -> read(question);
      };
    } catch (NoSuchBlobException e) {
      return BlobAnswer.refused("blob-not-found", String.valueOf(e.getMessage()));
    } catch (BlobTooLargeException e) {
      remove(question.upload());
      return BlobAnswer.refused("body-too-large", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      Reply.Refused refused = Refusals.of(e);
      return BlobAnswer.refused(refused.code(), refused.message());
    }
  }

  private BlobAnswer piece(BlobQuestion question) {
    byte[] bytes = question.bytes();
    if (bytes == null || bytes.length > BlobQuestion.PIECE_BYTES_MAX) {
      return BlobAnswer.refused(
          "invalid-request",
          "a piece has 0 to " + BlobQuestion.PIECE_BYTES_MAX + " bytes of content");
    }
    Upload upload = question.from() == 0 ? begun(question) : uploads.get(question.upload());
    if (upload == null) {
      return unknown();
    }
    synchronized (upload) {
      upload.usedNanos = nanoTime.getAsLong();
      long there = upload.incoming.bytes();
      if (question.from() == there) {
        upload.incoming.write(bytes, 0, bytes.length);
      } else if (question.from() + bytes.length > there) {
        return BlobAnswer.refused(
            "invalid-request",
            "a piece that begins at %d follows %d bytes".formatted(question.from(), there));
      }
    }
    return BlobAnswer.done();
  }

  private @Nullable Upload begun(BlobQuestion question) {
    giveUpIdle();
    if (uploads.size() >= UPLOADS_MAX) {
      return null;
    }
    return uploads.computeIfAbsent(
        question.upload(),
        number -> new Upload(question.tenant(), engine.blobs().begin(), nanoTime.getAsLong()));
  }

  private static BlobAnswer unknown() {
    return BlobAnswer.refused(
        BlobAnswer.UNKNOWN_UPLOAD, "the member knows of no such upload, or has too many");
  }

  private BlobAnswer keep(BlobQuestion question) {
    Upload upload = uploads.remove(question.upload());
    if (upload == null) {
      return unknown();
    }
    synchronized (upload) {
      try (IncomingBlob incoming = upload.incoming) {
        if (incoming.bytes() != question.from()) {
          return unknown();
        }
        StoredBlob kept = incoming.keep(upload.tenant, question.text());
        return BlobAnswer.blob(kept.key().sha256(), kept.bytes(), kept.mediaType());
      }
    }
  }

  private BlobAnswer discard(BlobQuestion question) {
    remove(question.upload());
    return BlobAnswer.done();
  }

  private void remove(long number) {
    Upload upload = uploads.remove(number);
    if (upload != null) {
      synchronized (upload) {
        upload.incoming.close();
      }
    }
  }

  private void giveUpIdle() {
    long now = nanoTime.getAsLong();
    uploads.forEach((number, upload) -> {
      boolean idle;
      synchronized (upload) {
        idle = now - upload.usedNanos > IDLE_NANOS_MAX;
      }
      if (idle) {
        remove(number);
      }
    });
  }

  private BlobAnswer find(BlobQuestion question) {
    var key = new BlobKey(question.tenant(), question.text());
    StoredBlob blob = engine.blobs().find(key).orElseThrow(() -> new NoSuchBlobException(key));
    return BlobAnswer.blob(blob.key().sha256(), blob.bytes(), blob.mediaType());
  }

  private BlobAnswer read(BlobQuestion question) {
    var key = new BlobKey(question.tenant(), question.text());
    int most = Math.clamp(question.most(), 1, BlobQuestion.PIECE_BYTES_MAX);
    return BlobAnswer.content(engine.blobs().read(key, question.from(), most));
  }

  /** Gives up what is on its way. */
  @Override
  public void close() {
    open = false;
    uploads.keySet().forEach(this::remove);
  }
}
