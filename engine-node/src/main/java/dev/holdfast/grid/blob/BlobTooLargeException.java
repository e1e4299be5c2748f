package dev.holdfast.grid.blob;

/** More content came than a blob may have. */
public final class BlobTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BlobTooLargeException(long bytesMax) {
    super("a blob may have " + bytesMax + " bytes at most");
  }
}
