package dev.holdfast.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.map.MapLoader;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** What may not be used, and where. */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = DoNotIncludeTests.class)
class BansTest {
  private static final String CORE = "dev.holdfast.core..";

  @ArchTest
  static final ArchRule coreHasNoInputOrOutput =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.net..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.sql..",
              "java.util.logging..",
              "org.slf4j..",
              "org.apache.logging..",
              "tools.jackson..",
              "com.fasterxml..",
              "com.hazelcast..");

  @ArchTest
  static final ArchRule coreHasNoClockOrRandomness =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(InstantSource.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(RandomGenerator.class)
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule coreHasNoThreads =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.concurrent.Executor.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.concurrent.Future.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent.locks..");

  @ArchTest
  static final ArchRule sqlOnlyInTheJournal =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.holdfast.journal..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.sqlite..",
              "org.postgresql..",
              "com.zaxxer..",
              "org.flywaydb..");

  @ArchTest
  static final ArchRule hazelcastOnlyInItsShell =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.holdfast.api..",
              "dev.holdfast.cli..",
              CORE,
              "dev.holdfast.gateway..",
              "dev.holdfast.ops..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.hazelcast..");

  @ArchTest
  static final ArchRule journalKnowsHazelcastAsMapStoreOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.holdfast.journal..")
          .and()
          .areNotAssignableTo(MapLoader.class)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.hazelcast..");

  /** A nested grid call on a partition thread deadlocks. */
  @ArchTest
  static final ArchRule noMapCallInAnEntryProcessor =
      noClasses()
          .that()
          .areAssignableTo(EntryProcessor.class)
          .should()
          .dependOnClassesThat()
          .areAssignableTo(IMap.class)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      classes()
          .should()
          .haveSimpleNameNotEndingWith("Manager")
          .andShould()
          .haveSimpleNameNotEndingWith("Helper")
          .andShould()
          .haveSimpleNameNotEndingWith("Util")
          .andShould()
          .haveSimpleNameNotEndingWith("Utils")
          .andShould()
          .haveSimpleNameNotEndingWith("Impl");

  @ArchTest
  static final ArchRule packagesAreNullMarked =
      classes()
          .that()
          .haveSimpleName("package-info")
          .should()
          .beAnnotatedWith(org.jspecify.annotations.NullMarked.class);
}
