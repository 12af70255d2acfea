package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.sweep.grid.Condition;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.sweep.grid.SweepArguments;

/** The sweeps of conf/ablations, on a base for a laptop and on the paper's. */
class ShippedSweepsTest {
  private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();
  private static final Path SWEEPS = CONF.resolve("ablations");
  private static final Map<String, Integer> POINTS =
      Map.ofEntries(
          Map.entry("alternating", 18),
          Map.entry("stop-gradient", 6),
          Map.entry("predictor", 12),
          Map.entry("batch-size", 7),
          Map.entry("batch-norm", 15),
          Map.entry("similarity", 6),
          Map.entry("symmetry", 9),
          Map.entry("output-dim", 12),
          Map.entry("projector-depth", 9),
          Map.entry("weight-decay", 12),
          Map.entry("augmentation", 15)); // neither base has blur, so that "without blur" is "all"

  static Stream<Arguments> onBothBases() {
    return POINTS.keySet().stream()
        .sorted()
        .flatMap(name -> Stream.of("quickstart", "cifar10").map(base -> Arguments.of(name, base)));
  }

  private static Sweep expand(String name, String base) {
    return new SweepArguments(
            Optional.of(SWEEPS.resolve(name + ".yaml")),
            Optional.of(CONF.resolve(base + ".yaml")),
            List.of())
        .expand(Optional.of(CONF));
  }

  @Test
  void allAreKnownHere() throws IOException {
    try (Stream<Path> files = Files.list(SWEEPS)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(POINTS.keySet());
    }
  }

  @ParameterizedTest
  @MethodSource("onBothBases")
  void expandsToItsPoints(String name, String base) {
    Sweep sweep = expand(name, base);

    assertThat(sweep.spec().name()).isEqualTo(name);
    assertThat(sweep.spec().question()).endsWith("?");
    assertThat(sweep.points()).hasSize(POINTS.get(name));
    assertThat(sweep.leftOut()).isEmpty();
    assertThat(sweep.points().stream().flatMap(point -> point.labels().stream()))
        .as("places of the baseline")
        .anyMatch(labels -> baseline(sweep, labels));
    assertThat(sweep.spec().base())
        .hasValueSatisfying(file -> assertThat(file).isEqualTo(CONF.resolve("cifar10.yaml")));
  }

  private static boolean baseline(Sweep sweep, Map<String, String> labels) {
    // In terms of the base: the largest, which is the base's own.
    return sweep.spec().baseline().orElseThrow().tests().entrySet().stream()
        .allMatch(
            test ->
                test.getValue().get(0).equals("base")
                    || Condition.matches(test.getValue().get(0), labels.get(test.getKey())));
  }

  @Test
  void theBatchSizesScaleTheRateAndWarmUpFrom1024() {
    List<RunConfig> configs =
        expand("batch-size", "cifar10").points().stream()
            .map(point -> point.config().config())
            .toList();

    assertThat(configs)
        .extracting(config -> config.train().batchSize())
        .containsExactly(64, 128, 256, 512, 1024, 2048, 4096);
    assertThat(configs)
        .extracting(config -> config.train().warmupEpochs())
        .containsExactly(0, 0, 0, 0, 10, 10, 10);
    assertThat(configs.get(6).train().scaledLr()).isEqualTo(0.03 * 16);
  }

  @Test
  void thePredictorKeepsItsShareOfTheOutput() {
    assertThat(dims("cifar10")).containsExactly("256/64", "512/128", "1024/256", "2048/512");
    assertThat(dims("quickstart")).containsExactly("32/8", "64/16", "128/32", "256/64");
  }

  private static List<String> dims(String base) {
    return expand("output-dim", base).points().stream()
        .map(point -> ConfigValues.all(point.config().config()))
        .map(values -> values.get("projector.dim") + "/" + values.get("predictor.hidden"))
        .distinct()
        .toList();
  }

  @Test
  void thePapersFiguresAreThoseOfItsTables() {
    assertThat(
            expand("batch-size", "cifar10").spec().paper().figures().stream()
                .map(figure -> figure.values().get("linear_top1").toString()))
        .containsExactly("66.1", "67.3", "68.1", "68.1", "68.0", "67.9", "64.0");
    assertThat(expand("predictor", "cifar10").spec().paper().figures())
        .extracting(figure -> figure.when().tests() + " " + figure.values())
        .containsExactly(
            "{predictor=[mlp, cosine rate]} {linear_top1=67.7}",
            "{predictor=[mlp, constant rate]} {linear_top1=68.1}",
            "{predictor=[none]} {linear_top1=0.1}",
            "{predictor=[fixed random]} {linear_top1=1.5}");
    assertThat(
            expand("alternating", "cifar10").spec().paper().figures().stream()
                .map(figure -> figure.values().get("linear_top1").toString()))
        .containsExactly("68.1", "68.7", "68.9", "67.0", "55.0", "0.1");
  }
}
