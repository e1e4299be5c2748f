package dev.holdfast.api;

/** How a pause treats the attempts that are running when it is asked for. */
public enum PauseMode {
  /** They may finish; the execution is PAUSING until they have. */
  GRACEFUL,
  /** They are revoked at once and handed out anew after the resume. */
  IMMEDIATE
}
