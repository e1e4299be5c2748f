package dev.holdfast.client.wire;

/** Carries a {@link BlobQuestion} to the member that it is submitted to, and its answer back. */
public final class BlobCall extends GateCall {
  /** For reading from the wire. */
  BlobCall() {
    this(new byte[0]);
  }

  public BlobCall(BlobQuestion question) {
    this(question.encode());
  }

  private BlobCall(byte[] question) {
    super(Wire.BLOB_GATE, WireFactory.BLOB_CALL, question);
  }
}
