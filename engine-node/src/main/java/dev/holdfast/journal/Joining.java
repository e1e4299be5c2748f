package dev.holdfast.journal;

/** Waits for a thread's end. */
public final class Joining {
  private Joining() {}

  /** Returns when it has ended, even if the caller is interrupted, which it still is then. */
  public static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
