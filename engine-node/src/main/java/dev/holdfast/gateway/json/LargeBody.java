package dev.holdfast.gateway.json;

import dev.holdfast.api.BlobRef;
import dev.holdfast.api.ValueFormat;
import dev.holdfast.core.Limits;
import dev.holdfast.gateway.problem.ProblemException;
import dev.holdfast.gateway.problem.ProblemKind;
import dev.holdfast.grid.blob.Blobs;
import dev.holdfast.grid.blob.IncomingBlob;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body of which one field may be large: that one is written to a blob as it comes, and has
 * a reference in its place.
 */
public final class LargeBody {
  /** All fields but the large one, and white space. */
  private static final int REST_BYTES_MAX = (int) Limits.PAYLOAD_BYTES_MAX + (64 << 10);

  private final Blobs blobs;
  private final String tenant;
  private final byte[] field;

  /**
   * @param tenant whose blob it becomes
   * @param field that may be large
   */
  public LargeBody(Blobs blobs, String tenant, String field) {
    this.blobs = blobs;
    this.tenant = tenant;
    this.field = ('"' + field + '"').getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The body's JSON object.
   *
   * @param optional whether there may be no body; then it is as if it had no fields
   * @throws ProblemException when it is no such thing, or too large
   */
  public Map<String, @Nullable Object> read(InputStream in, boolean optional) throws IOException {
    int limit = blobs.settings().inlineLimit();
    byte[] head = in.readNBytes(limit + 1);
    if (head.length == 0 && optional) {
      return Map.of();
    }
    if (head.length <= limit) {
      return JsonReader.object(head);
    }
    return JsonReader.object(
        small(new JsonScanner(new SequenceInputStream(new ByteArrayInputStream(head), in))));
  }

  /** The body with a reference in place of what is large. */
  private byte[] small(JsonScanner scanner) throws IOException {
    var small = new Bounded(REST_BYTES_MAX);
    scanner.expect('{');
    small.write('{');
    if (scanner.peekSolid() != '}') {
      fields(scanner, small);
    }
    scanner.expect('}');
    small.write('}');
    if (scanner.peekSolid() >= 0) {
      throw scanner.malformed("the body goes on after its JSON object");
    }
    return small.toByteArray();
  }

  private void fields(JsonScanner scanner, Bounded small) throws IOException {
    while (true) {
      if (scanner.peekSolid() != '"') {
        throw scanner.malformed("a name in quotes is expected");
      }
      var name = new Bounded(REST_BYTES_MAX);
      scanner.value(name);
      scanner.expect(':');
      small.write(name.toByteArray());
      small.write(':');
      if (Arrays.equals(name.toByteArray(), field)) {
        try (var value = new Spill()) {
          scanner.value(value);
          small.write(value.end());
        }
      } else {
        scanner.value(small);
      }
      if (scanner.peekSolid() != ',') {
        return;
      }
      scanner.expect(',');
      small.write(',');
    }
  }

  /** Bytes in memory, up to a bound. */
  private static final class Bounded extends ByteArrayOutputStream {
    private final int bytesMax;

    Bounded(int bytesMax) {
      this.bytesMax = bytesMax;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      if (count + length > bytesMax) {
        throw new ProblemException(
            ProblemKind.BODY_TOO_LARGE,
            "beside its output or input a body may have " + bytesMax + " bytes at most");
      }
      super.write(from, offset, length);
    }
  }

  /** A value that goes to a blob once it is larger than values inline may be. */
  private final class Spill extends OutputStream {
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable IncomingBlob blob;

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
      IncomingBlob begun = blob;
      if (begun == null && memory.size() + count > blobs.settings().inlineLimit()) {
        begun = blobs.begin();
        blob = begun;
        begun.write(memory.toByteArray(), 0, memory.size());
        memory.reset();
      }
      if (begun == null) {
        memory.write(from, offset, count);
      } else {
        begun.write(from, offset, count);
      }
    }

    /** The value as it travels. */
    byte[] end() {
      IncomingBlob begun = blob;
      if (begun == null) {
        return memory.toByteArray();
      }
      BlobRef reference = Blobs.reference(begun.keep(tenant, BlobRef.JSON), BlobRef.JSON);
      return ValueFormat.JSON.write(reference.toValue());
    }

    @Override
    public void close() {
      if (blob != null) {
        blob.close();
      }
    }
  }
}
