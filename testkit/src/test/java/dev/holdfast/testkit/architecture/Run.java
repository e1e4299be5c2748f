package dev.holdfast.testkit.architecture;

import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.TestKit;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/** A workflow with a bit of everything, for a class loader of its own. */
public final class Run implements Callable<String> {
  @Override
  public String call() {
    TestKit kit = TestKit.create();
    kit.register(
        """
        name: run
        input: { type: object, required: [items] }
        tasks:
          each: { agent: worker, forEach: "${input.items}", input: { item: "${item}" }, retry: { initial: 1s } }
          way: { needs: [each], switch: [ { when: "${size(input.items) > 1}", then: [ok] }, { otherwise: true, then: [] } ] }
          ok: { pauseBefore: true, needs: [way] }
        output: "${tasks.each.output}"
        """);
    kit.agent("worker").failing(1).taking(Duration.ofSeconds(3));
    KitExecution execution =
        kit.run("run", Map.of("items", java.util.List.of("a long enough text ".repeat(50), "b")));
    execution.approve("ok");
    kit.runUntilIdle();
    // A failed assertion would say so in words, which is a part of the kit too.
    return execution.toString().contains("COMPLETED") ? execution.status().name() : "?";
  }
}
