package dev.holdfast.cli.http;

import java.io.IOException;
import java.net.URI;

/** No node answers at the address. */
public final class UnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreachableException(URI server, IOException cause) {
    super(
        "no node answers at "
            + server
            + " ("
            + (cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage())
            + ")",
        cause);
  }
}
