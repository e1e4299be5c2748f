package dev.holdfast.node.bench;

import java.util.Locale;

/**
 * How much of what the machine can do at all the run used, measured right after it.
 *
 * @param journalRowsPerSecond rows that the node's journal committed a second, during the run
 * @param journalRowsPerCommit how many of them one commit had, on average
 * @param sqliteRowsPerSecond plain appends of rows of that size, so many a commit
 * @param journalShare of the first to the third, 0 to 1
 * @param transitionsPerSecond entry-processor calls that changed something, during the run
 * @param entryProcessorCallsPerSecond bare ones
 * @param transitionsShare of the two, 0 to 1
 */
record Limits(
    double journalRowsPerSecond,
    double journalRowsPerCommit,
    double sqliteRowsPerSecond,
    double journalShare,
    double transitionsPerSecond,
    double entryProcessorCallsPerSecond,
    double transitionsShare) {

  String table() {
    return String.format(
        Locale.ROOT,
        """
          journal %,.0f rows/s (%.0f a commit), %.0f %% of SQLite's own %,.0f rows/s
          %,.0f transitions/s, %.0f %% of %,.0f bare entry-processor calls/s
        """,
        journalRowsPerSecond,
        journalRowsPerCommit,
        100 * journalShare,
        sqliteRowsPerSecond,
        transitionsPerSecond,
        100 * transitionsShare,
        entryProcessorCallsPerSecond);
  }
}
