package dev.holdfast.journal.blob;

/** The blob is not here, or not any more. */
public final class NoSuchBlobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NoSuchBlobException(BlobKey key) {
    super("there is no blob " + key);
  }
}
