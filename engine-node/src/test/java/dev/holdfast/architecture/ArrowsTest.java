package dev.holdfast.architecture;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Imports point one way (docs/ARCHITECTURE.md draws it). */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = DoNotIncludeTests.class)
class ArrowsTest {
  @ArchTest
  static final ArchRule importsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("api")
          .definedBy("dev.holdfast.api..")
          .layer("client")
          .definedBy("dev.holdfast.client..")
          .layer("cli")
          .definedBy("dev.holdfast.cli..")
          .layer("core")
          .definedBy("dev.holdfast.core..")
          .layer("journal")
          .definedBy("dev.holdfast.journal..")
          .layer("grid")
          .definedBy("dev.holdfast.grid..")
          .layer("gateway")
          .definedBy("dev.holdfast.gateway..")
          .layer("ops")
          .definedBy("dev.holdfast.ops..")
          .layer("node")
          .definedBy("dev.holdfast.node..")
          .whereLayer("api")
          .mayNotAccessAnyLayer()
          .whereLayer("client")
          .mayOnlyAccessLayers("api")
          .whereLayer("cli")
          .mayOnlyAccessLayers("client", "api")
          .whereLayer("core")
          .mayOnlyAccessLayers("api")
          .whereLayer("journal")
          .mayOnlyAccessLayers("core", "api")
          // The grid answers the thin client in the client's own wire forms.
          .whereLayer("grid")
          .mayOnlyAccessLayers("core", "journal", "client", "api")
          .whereLayer("gateway")
          .mayOnlyAccessLayers("grid", "journal", "core", "api")
          .whereLayer("ops")
          .mayOnlyAccessLayers("grid", "journal", "core", "api")
          .whereLayer("node")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.holdfast.(*)..").should().beFreeOfCycles();
}
