package dev.holdfast.node.bench.load;

import java.util.Map;
import java.util.Random;

/** The workflow that is measured: a chain of tasks, each given the execution's input. */
public final class BenchDefinition {
  /** Its name. */
  public static final String NAME = "bench";

  /** Of all its tasks. */
  public static final String CAPABILITY = "bench";

  private static final long PAYLOAD_SEED = 42;

  private BenchDefinition() {}

  /** A chain of so many tasks. */
  public static String source(int tasks) {
    var text = new StringBuilder("name: ").append(NAME).append("\ntasks:\n");
    for (int i = 1; i <= tasks; i++) {
      text.append("  t").append(i).append(": { agent: ").append(CAPABILITY);
      if (i > 1) {
        text.append(", needs: [t").append(i - 1).append(']');
      }
      text.append(" }\n");
    }
    return text.toString();
  }

  /** A JSON object of about so many bytes that does not compress. */
  public static Map<String, Object> payload(int bytes) {
    var random = new Random(PAYLOAD_SEED);
    var text = new StringBuilder(bytes);
    while (text.length() < bytes) {
      text.append((char) ('0' + random.nextInt('z' - '0' + 1)));
    }
    return Map.of("data", text.toString());
  }
}
