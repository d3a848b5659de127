package org.libproc4j;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Which package may know which: arrows run one way, from what a user sees down to the kernel. */
class ArchitectureTest {

  private static final JavaClasses CORE =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  @Test
  void onlyInternalLinuxTouchesForeignMemoryAndTheGeneratedBindings() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.libproc4j.internal.linux")
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.lang.foreign", "org.libproc4j.linux"))
        .check(CORE);
  }

  @Test
  void eachLayerKnowsOnlyThoseBelowIt() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("freezer")
        .definedBy("org.libproc4j.freezer")
        .layer("handles")
        .definedBy("org.libproc4j")
        .layer("ptrace")
        .definedBy("org.libproc4j.internal.ptrace")
        .layer("linux")
        .definedBy("org.libproc4j.internal.linux")
        .whereLayer("freezer")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("handles")
        .mayOnlyBeAccessedByLayers("freezer")
        .whereLayer("ptrace")
        .mayOnlyBeAccessedByLayers("freezer", "handles")
        .whereLayer("linux")
        .mayOnlyBeAccessedByLayers("freezer", "handles", "ptrace")
        .check(CORE);
  }

  @Test
  void noPackagesKnowEachOther() {
    slices().matching("org.(**)").should().beFreeOfCycles().check(CORE);
  }
}
