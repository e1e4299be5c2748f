import dev.holdfast.api.TaskContext;
import dev.holdfast.api.TaskFailedException;
import dev.holdfast.client.HoldfastClient;
import java.util.Map;
import java.util.TreeMap;

/** An agent in Java: members push tasks to it, and it counts words. Takes members' addresses. */
public class WordCounter {
  public static void main(String[] addresses) throws InterruptedException {
    try (var holdfast = HoldfastClient.connect(addresses);
        var agent = holdfast.agent("word-counter", WordCounter::count).concurrency(8).start()) {
      System.out.println("agent " + agent.worker() + " is ready, it ends with Ctrl-C");
      Thread.currentThread().join();
    }
  }

  static Object count(TaskContext task) {
    if (!(task.inputObject().get("text") instanceof String text)) {
      throw TaskFailedException.permanent("bad-input", "text must be a string");
    }
    String[] words = text.toLowerCase().split("\\W+");
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < words.length; i++) {
      counts.merge(words[i], 1, Integer::sum);
      if (i % 10_000 == 0) {
        task.heartbeat((double) i / words.length);
      }
    }
    return Map.of("counts", counts, "total", words.length);
  }
}
