package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.TaskFailedException;
import dev.holdfast.testkit.KitExecution;
import dev.holdfast.testkit.MockAgent;
import dev.holdfast.testkit.TestKit;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Sequences, decisions and lists. */
class ExamplesTest {
  @Works("hello.yaml")
  void helloGreetsTwiceAtOnceAndThenThanks() {
    TestKit kit = ExampleFiles.kit("hello.yaml");
    kit.agent("greeter").taking(Duration.ofSeconds(1));
    KitExecution hello = kit.run("hello", Map.of("name", "Ada"));
    assertThat(hello)
        .isCompleted()
        .hasOutput("thank you, Ada")
        .history()
        .containsInOrder("TaskStarted evening", "TaskCompleted morning", "TaskStarted thanks");
    assertThat(kit.now()).isEqualTo(hello.startedAt().plus(Duration.ofSeconds(2)));
  }

  @Breaks("hello.yaml")
  void helloFailsWhenNobodyCanGreet() {
    TestKit kit = ExampleFiles.kit("hello.yaml");
    kit.agent("greeter").alwaysFailing("shy");
    assertThat(kit.run("hello", Map.of("name", "Ada")))
        .isFailed()
        .hasError("shy")
        .hasAttempts("morning", 4)
        .history()
        .doesNotContain("TaskReadied thanks");
  }

  private static TestKit invoice(int pages) {
    TestKit kit = ExampleFiles.kit("invoice-review.yaml");
    kit.agent(
        "document-extractor",
        task -> Map.of("pages", pages, "lines", List.of(Map.of("sum", 12.5))));
    kit.agent("bulk-checker", task -> "checked");
    kit.agent("line-checker", task -> "checked");
    kit.agent("totals-checker", task -> Map.of("confidence", 0.9));
    kit.agent("settlement");
    return kit;
  }

  @Works("invoice-review.yaml")
  void aShortInvoiceIsCheckedByLine() {
    KitExecution review = invoice(3).run("invoice-review", Map.of("file", "a.pdf"));
    assertThat(review)
        .isCompleted()
        .hasSkipped("bulk")
        .hasVariable("pages", 3)
        .hasOutput(
            Map.of(
                "pages",
                3,
                "settled",
                Map.of(
                    "invoice",
                    "a.pdf",
                    "confident",
                    true,
                    "note",
                    "Checked by invoice-review, execution invoice-review-1")));
  }

  @Works("invoice-review.yaml")
  void aLongInvoiceIsCheckedInBulk() {
    assertThat(invoice(101).run("invoice-review", Map.of("file", "a.pdf")))
        .isCompleted()
        .hasSkipped("lines")
        .hasSkipped("totals")
        .hasCompleted("bulk");
  }

  @Breaks("invoice-review.yaml")
  void aFileThatIsNoInvoiceIsNotTriedAgain() {
    TestKit kit = invoice(3);
    kit.agent(
        "document-extractor",
        task -> {
          throw new TaskFailedException("bad-input", "not an invoice");
        });
    assertThat(kit.run("invoice-review", Map.of("file", "a.pdf")))
        .isFailed()
        .hasError("bad-input")
        .hasAttempts("extract", 1);
  }

  @Breaks("invoice-review.yaml")
  void anExtractorThatFallsSilentLosesItsLease() {
    TestKit kit = invoice(3);
    kit.agent("document-extractor", task -> Map.of("pages", 1, "lines", List.of())).silent(1);
    KitExecution review = kit.run("invoice-review", Map.of("file", "a.pdf"));
    assertThat(review).isCompleted().hasAttempts("extract", 2);
    assertThat(kit.now()).isBefore(review.startedAt().plus(Duration.ofSeconds(31)));
  }

  private static TestKit research() {
    TestKit kit = ExampleFiles.kit("research.yaml");
    for (String capability :
        List.of("workspace-open", "paper-search", "web-search", "archive-search")) {
      kit.agent(capability, task -> "from " + task.id());
    }
    kit.agent("summariser", Map.of("model", "large"), task -> Map.of("text", "42"));
    kit.agent("publisher");
    kit.agent("workspace-close");
    return kit;
  }

  @Works("research.yaml")
  void researchIsPublishedOnRequest() {
    KitExecution research = research().run("research", Map.of("question", "?", "publish", true));
    assertThat(research)
        .isCompleted()
        .hasCompleted("cleanup")
        .hasOutput(Map.of("answer", "42", "published", true));
  }

  @Works("research.yaml")
  void researchDoesWithoutTheArchive() {
    TestKit kit = research();
    kit.agent("archive-search").alwaysFailing("gone");
    assertThat(kit.run("research", Map.of("question", "?")))
        .isCompleted()
        .hasFailed("archive")
        .hasSkipped("publish")
        .hasOutput(Map.of("answer", "42", "published", false));
  }

  @Breaks("research.yaml")
  void researchCleansUpAfterAFailure() {
    TestKit kit = research();
    MockAgent close = kit.agent("workspace-close");
    kit.agent("web-search").alwaysFailing("gone");
    assertThat(kit.run("research", Map.of("question", "?"))).isFailed().hasError("gone");
    assertThat(close.inputs()).containsExactly(Map.of("workspace", "from workspace"));
  }

  private static final Map<String, List<Map<String, String>>> FIVE_LINES =
      Map.of(
          "lines",
          List.of(
              Map.of("article", "a"),
              Map.of("article", "b"),
              Map.of("article", "c"),
              Map.of("article", "d"),
              Map.of("article", "e")));

  @Works("fan-out.yaml")
  void linesAreCheckedThreeAtATimeAndABadOneIsMissing() {
    TestKit kit = ExampleFiles.kit("fan-out.yaml");
    kit.agent(
            "line-checker",
            task -> {
              if (task.id().equals("lines[1]")) {
                throw new TaskFailedException("exit-2", "no such article");
              }
              return task.inputObject().get("n");
            })
        .taking(Duration.ofSeconds(10));
    kit.agent("reporter");
    KitExecution order = kit.run("fan-out", FIVE_LINES);
    assertThat(order)
        .isCompleted()
        .hasFailed("lines[1]")
        .hasAttempts("lines[1]", 1)
        .hasOutput(Map.of("checked", List.of(1, 3, 4, 5), "missing", 1));
    assertThat(kit.now()).isEqualTo(order.startedAt().plus(Duration.ofSeconds(20)));
  }

  @Breaks("fan-out.yaml")
  void anOrderWithoutAReporterFails() {
    TestKit kit = ExampleFiles.kit("fan-out.yaml");
    kit.agent("line-checker").failing(2);
    kit.agent("reporter").alwaysFailing("mute");
    assertThat(kit.run("fan-out", FIVE_LINES)).isFailed().hasError("mute").hasCompleted("lines");
  }

  private static TestKit planning() {
    TestKit kit = ExampleFiles.kit("planning.yaml");
    kit.agent(
        "planner",
        task -> {
          task.spawn("first", "searcher", Map.of("for", "x"));
          task.spawn("second", "searcher", Map.of("for", "y"), "first");
          return null;
        });
    kit.agent("searcher", task -> "found " + task.inputObject().get("for"));
    kit.agent("answerer", task -> task.inputObject().get("found"));
    return kit;
  }

  @Works("planning.yaml")
  void theAnswerWaitsForWhatThePlannerAdded() {
    assertThat(planning().run("planning", Map.of("question", "?")))
        .isCompleted()
        .hasOutput(Map.of("first", "found x", "second", "found y"))
        .history()
        .containsInOrder("TasksSpawned plan", "TaskCompleted second", "TaskReadied answer");
  }

  @Breaks("planning.yaml")
  void aSearchThatFailsFailsThePlan() {
    TestKit kit = planning();
    kit.agent("searcher").alwaysFailing("nothing-found");
    assertThat(kit.run("planning", Map.of("question", "?")))
        .isFailed()
        .hasError("nothing-found")
        .hasAttempts("first", 3);
  }

  private static TestKit words() {
    TestKit kit = ExampleFiles.kit("words/words.yaml");
    kit.agent("word-counter", task -> Map.of("counts", Map.of("a", 2, "b", 1, "c", 1), "total", 4));
    kit.agent("word-ranker", task -> Map.of("words", List.of("a", "b")));
    kit.agent("shouter", task -> Map.of("text", "A B!"));
    return kit;
  }

  @Works("words/words.yaml")
  void wordsAreCountedRankedAndShouted() {
    assertThat(words().run("words", Map.of("text", "a b a c")))
        .isCompleted()
        .hasOutput(Map.of("loudest", "A B!", "words", 4));
  }

  @Breaks("words/words.yaml")
  void aRankerThatGetsNonsenseIsNotAskedAgain() {
    TestKit kit = words();
    kit.agent("word-ranker").alwaysFailing("bad-input");
    assertThat(kit.run("words", Map.of("text", "a b a c")))
        .isFailed()
        .hasError("bad-input")
        .hasAttempts("rank", 1);
  }

  @Works("large-report.yaml")
  void theReaderGetsWhatTheWriterGave() {
    TestKit kit = ExampleFiles.kit("large-report.yaml");
    kit.agent("writer", task -> "a report");
    kit.agent("reader");
    assertThat(kit.run("large-report", null))
        .isCompleted()
        .hasTaskOutput("read", Map.of("report", "a report"));
  }

  @Breaks("large-report.yaml")
  void nothingIsReadThatWasNotWritten() {
    TestKit kit = ExampleFiles.kit("large-report.yaml");
    kit.agent("writer").alwaysFailing("disk-full");
    MockAgent reader = kit.agent("reader");
    assertThat(kit.run("large-report", null)).isFailed().hasError("disk-full");
    assertThat(reader.calls()).isZero();
  }
}
