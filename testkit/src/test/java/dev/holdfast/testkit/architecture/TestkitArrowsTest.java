package dev.holdfast.testkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.holdfast.journal.HistoryItem;
import dev.holdfast.journal.JournalEntry;
import dev.holdfast.journal.PlanResolver;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** The kit is a shell around the pure part of the engine, and nothing else (ADR 0038). */
@AnalyzeClasses(packages = "dev.holdfast.testkit", importOptions = DoNotIncludeTests.class)
class TestkitArrowsTest {
  @ArchTest
  static final ArchRule usesOnlyApiCoreAndTheJournalsCodec =
      classes()
          .that()
          .resideInAPackage("dev.holdfast.testkit..")
          .should()
          .onlyDependOnClassesThat(
              JavaClass.Predicates.resideInAnyPackage(
                      "dev.holdfast.testkit..",
                      "dev.holdfast.api..",
                      "dev.holdfast.core..",
                      "dev.holdfast.journal.codec..",
                      "java..",
                      "org.assertj..",
                      "org.jspecify..")
                  .or(
                      DescribedPredicate.describe(
                          "plain records of the journal",
                          used ->
                              used.isEquivalentTo(HistoryItem.class)
                                  || used.isEquivalentTo(PlanResolver.class)
                                  || used.getName().startsWith(JournalEntry.class.getName()))));

  @ArchTest
  static final ArchRule engineKnowsNothingOfTheKit =
      noClasses()
          .that()
          .resideInAPackage("dev.holdfast.testkit.engine")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.holdfast.testkit", "dev.holdfast.testkit.assertion");

  @ArchTest
  static final ArchRule nothingIsRealTimeOrRandom =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.concurrent.Executor.class)
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");
}
