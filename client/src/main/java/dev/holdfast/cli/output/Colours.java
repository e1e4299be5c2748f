package dev.holdfast.cli.output;

import picocli.CommandLine.Help.Ansi;

/** Statuses in colour, on terminals that have any. */
public final class Colours {
  private Colours() {}

  /** The text, coloured when it is the name of a status. */
  public static String status(String text, Ansi ansi) {
    String style =
        switch (text) {
          case "COMPLETED" -> "green";
          case "FAILED", "TIMED_OUT" -> "red";
          case "RUNNING" -> "cyan";
          case "PAUSING", "PAUSED", "RETRYING", "AWAITING_APPROVAL" -> "yellow";
          case "CANCELLED", "CANCELLING", "SKIPPED" -> "faint";
          default -> "";
        };
    return style.isEmpty() ? text : ansi.string("@|" + style + " " + text + "|@");
  }
}
