package dev.holdfast.client.wire;

/** The member takes no batches at the moment; the client tries again. */
public final class GateClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public GateClosedException() {
    super("the member is starting or shutting down");
  }
}
