package dev.holdfast.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No example is without a test of how it works and one of how it breaks. */
class EveryExampleTest {
  private static final List<Class<?>> TESTS =
      List.of(
          ExamplesTest.class,
          GateExamplesTest.class,
          HookExamplesTest.class,
          ChildExamplesTest.class,
          ScheduleExamplesTest.class,
          SlotExamplesTest.class);

  @Test
  void hasATestOfHowItWorks() throws Exception {
    assertThat(tested(Works.class, Works::value)).containsAll(ExampleFiles.workflows());
  }

  @Test
  void hasATestOfHowItBreaks() throws Exception {
    assertThat(tested(Breaks.class, Breaks::value)).containsAll(ExampleFiles.workflows());
  }

  private static <A extends Annotation> List<String> tested(
      Class<A> kind, Function<A, String> file) {
    return TESTS.stream()
        .flatMap(test -> Stream.of(test.getDeclaredMethods()))
        .map((Method method) -> Optional.ofNullable(method.getAnnotation(kind)))
        .flatMap(Optional::stream)
        .map(file)
        .toList();
  }
}
