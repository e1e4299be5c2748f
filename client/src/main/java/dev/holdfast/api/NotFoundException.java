package dev.holdfast.api;

/** There is no such execution, task or definition in this tenant. */
public final class NotFoundException extends HoldfastException {
  private static final long serialVersionUID = 1L;

  public NotFoundException(String code, String message) {
    super(code, message, null);
  }
}
