package simsiam.pipelines;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each part may not know. Maven's modules keep some of this; packages need a word too. */
class BoundariesTest {
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("simsiam");
  }

  /** The packages that alone may use a library, and the library's packages. */
  static Stream<Arguments> owners() {
    return Stream.of(
        Arguments.of(owner("mlflow"), new String[] {"org.mlflow.."}),
        Arguments.of(owner("pipelines"), new String[] {"org.apache.beam.."}),
        Arguments.of(
            owner("model.data"), new String[] {"org.apache.parquet..", "org.apache.hadoop.."}),
        Arguments.of(
            new String[] {"simsiam.model.engine.nd4j..", "simsiam.model.engine.dl4j.."},
            new String[] {"org.nd4j.."}),
        Arguments.of(
            owner("model.engine.nd4j"),
            new String[] {"org.bytedeco.dnnl..", "org.bytedeco.cuda.."}),
        Arguments.of(owner("model.engine.dl4j"), new String[] {"org.deeplearning4j.."}),
        Arguments.of(owner("model.engine.torch"), new String[] {"org.bytedeco.pytorch.."}));
  }

  private static String[] owner(String part) {
    return new String[] {"simsiam." + part + ".."};
  }

  @ParameterizedTest
  @MethodSource("owners")
  void aLibraryIsUsedByItsOwnersOnly(String[] owners, String[] library) {
    noClasses()
        .that()
        .resideOutsideOfPackages(owners)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library)
        .check(classes);
  }

  /** A package and the packages of the product that it must not know. */
  static Stream<Arguments> strangers() {
    return Stream.of(
        Arguments.of(
            "simsiam.model..",
            new String[] {"simsiam.eval..", "simsiam.pipelines..", "simsiam.mlflow.."}),
        Arguments.of("simsiam.eval..", new String[] {"simsiam.pipelines..", "simsiam.mlflow.."}),
        Arguments.of(
            "simsiam.mlflow..",
            new String[] {"simsiam.model..", "simsiam.eval..", "simsiam.pipelines.."}),
        Arguments.of("simsiam.pipelines.config..", new String[] {"simsiam.pipelines.stage.."}),
        Arguments.of("simsiam.pipelines.stage..", new String[] {"simsiam.pipelines.cli.."}));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void aPartDoesNotKnowThoseThatUseIt(String part, String[] strangers) {
    noClasses()
        .that()
        .resideInAPackage(part)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(strangers)
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("simsiam.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void theProductDoesNotKnowItsBenchmarks() {
    noClasses()
        .that()
        .resideInAnyPackage("simsiam.model..", "simsiam.eval..", "simsiam.pipelines..")
        .and()
        .resideOutsideOfPackage("simsiam..bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("simsiam.model..bench..")
        .check(classes);
  }

  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackage("simsiam.pipelines.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(target(name("printStackTrace")))
        .check(classes);
  }

  @Test
  void theClassesOfEveryModuleAreLookedAt() {
    Assertions.assertThat(classes)
        .extracting(type -> type.getPackageName().split("\\.", -1)[1])
        .contains("mlflow", "model", "eval", "pipelines");
  }
}
