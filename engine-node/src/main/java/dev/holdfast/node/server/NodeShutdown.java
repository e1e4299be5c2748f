package dev.holdfast.node.server;

import java.util.concurrent.CountDownLatch;
import org.apache.logging.log4j.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a node's process cleanly on SIGTERM or SIGINT: stop accepting, finish the journal, leave the
 * cluster, exit with 0.
 */
final class NodeShutdown {
  private static final Logger LOG = LoggerFactory.getLogger(NodeShutdown.class);

  private NodeShutdown() {}

  /** Blocks for as long as the process lives; the node is closed by a shutdown hook. */
  static void closeOnSignal(AutoCloseable node) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "holdfast-shutdown"));
    new CountDownLatch(1).await();
  }

  private static void close(AutoCloseable node) {
    int exitCode = 0;
    try {
      LOG.info("Stopping");
      node.close();
      LOG.info("Stopped");
    } catch (Exception e) {
      LOG.error("Did not stop cleanly", e);
      exitCode = 1;
    }
    LogManager.shutdown();
    // A JVM that ends by a signal would answer 128 + signal, which supervisors take for a failure.
    Runtime.getRuntime().halt(exitCode);
  }
}
