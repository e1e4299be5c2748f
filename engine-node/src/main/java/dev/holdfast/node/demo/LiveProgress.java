package dev.holdfast.node.demo;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Lines as they come, and on a terminal a progress bar below them. Used by one thread. */
final class LiveProgress implements AutoCloseable {
  private static final String CLEAR_LINE = "\r\033[K";
  private static final int UPDATE_MILLIS = 50;

  private final PrintWriter out;
  private final @Nullable ProgressBar bar;

  /**
   * @param total steps of the workflow
   * @param terminal whether stdout is one
   */
  LiveProgress(PrintWriter out, String name, int total, boolean terminal) {
    this.out = out;
    this.bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .build()
            : null;
  }

  void line(String text) {
    out.println(bar == null ? text : CLEAR_LINE + text);
    out.flush();
    if (bar != null) {
      bar.refresh();
    }
  }

  void step() {
    if (bar != null) {
      bar.step();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
