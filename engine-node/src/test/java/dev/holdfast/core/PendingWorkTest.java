package dev.holdfast.core;

import static dev.holdfast.core.Given.complete;
import static dev.holdfast.core.Given.given;
import static dev.holdfast.core.Given.pause;
import static dev.holdfast.core.Given.resume;
import static dev.holdfast.core.Given.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.PauseMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked for once a pause is over. */
class PendingWorkTest {
  private static List<String> tasks(Given given) {
    return PendingWork.of(given.state()).agents().stream().map(PendingWork.ForAgent::task).toList();
  }

  @Test
  void itIsAskedForByTasksThatAreWithNobodyAndHaveNotEnded() {
    Given given =
        given(PlanBuilder.of("a", "b", "c", "d").task("d", t -> t.needs("c")))
            .and(start("a", 1), complete("a", 1, 1L), start("b", 1));
    given.and(pause("p1", PauseMode.GRACEFUL));
    assertThat(tasks(given)).containsExactly("c", "d");
    given.and(pause("p2", PauseMode.IMMEDIATE));
    assertThat(tasks(given)).containsExactly("b", "c", "d");
    assertThat(PendingWork.of(given.state()).agents().getFirst().capability()).isEqualTo("agent-b");
  }

  @Test
  void aListAsksOnceBeforeAndAfterItsItemsAreThere() {
    Given given =
        given(
            PlanBuilder.of("a", "lines")
                .task("lines", t -> t.needs("a").forEach(scope -> List.of(1L, 2L, 3L))));
    given.and(pause("p1", PauseMode.GRACEFUL));
    assertThat(tasks(given)).containsExactly("a", "lines");
    given.and(resume("r1"), start("a", 1), complete("a", 1, 1L), start("lines[0]", 1));
    given.and(pause("p2", PauseMode.GRACEFUL));
    assertThat(tasks(given)).containsExactly("lines");
  }

  @Test
  void aWorkflowIsAskedForByName() {
    Given given = given(PlanBuilder.of("a").task("a", t -> t.workflow("other")));
    given.and(pause("p1", PauseMode.GRACEFUL));
    assertThat(PendingWork.of(given.state()).workflows())
        .containsExactly(new PendingWork.ForWorkflow("a", "other", null));
    assertThat(tasks(given)).isEmpty();
  }

  @Test
  void whatTheResumeAsksForComesFirstAndWhatThePauseDoesNotCount() {
    Given given = given(PlanBuilder.of("a", "b").onPause().onResume()).and(start("a", 1));
    given.and(pause("p1", PauseMode.GRACEFUL));
    assertThat(tasks(given)).as("nothing is released yet").containsExactly("b");
    given.and(complete("a", 1, 1L));
    assertThat(tasks(given)).as("it is being released").containsExactly("onResume", "b");
    given.and(start("onPause", 1), complete("onPause", 1, null));
    given.and(resume("r1"), start("onResume", 1), complete("onResume", 1, null));
    given.and(pause("p2", PauseMode.GRACEFUL), start("onPause", 2), complete("onPause", 2, null));
    assertThat(tasks(given)).containsExactly("onResume", "b");
  }
}
