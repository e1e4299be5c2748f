package dev.holdfast.node.chaos.history;

/** What a client asked the cluster to do. */
public sealed interface Asked {
  /** The execution that it is about. */
  String execution();

  /** Start it; the same id is always asked for with the same request. */
  record Start(String execution) implements Asked {
    /** Whether it was refused since all slots of its concurrency key are held. */
    public static boolean isForLimit(String detail) {
      return detail.endsWith("concurrency-limit");
    }
  }

  /**
   * Take an attempt's result.
   *
   * @param mark in the output, of this attempt alone
   */
  record Complete(String execution, String task, int attempt, String mark) implements Asked {}

  /** Take an attempt's failure. */
  record Fail(String execution, String task, int attempt) implements Asked {}

  /**
   * Keep a signal for it.
   *
   * @param id tells a repeat, which must count once, from another signal
   */
  record Signal(String execution, String signal, String id) implements Asked {}

  /**
   * Pause, resume or cancel it.
   *
   * @param reason of this call alone, so that its event can be told from others
   */
  record Control(String execution, Action action, String reason) implements Asked {}

  /** A control, and the event that it leaves. */
  enum Action {
    PAUSE("pause", "PauseRequested"),
    RESUME("resume", "ExecutionResumed"),
    CANCEL("cancel", "CancelRequested");

    private final String path;
    private final String event;

    Action(String path, String event) {
      this.path = path;
      this.event = event;
    }

    /** The last part of the call's path. */
    public String path() {
      return path;
    }

    /** The type of the event. */
    public String event() {
      return event;
    }
  }
}
