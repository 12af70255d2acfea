package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.sweep.grid.Point;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.sweep.grid.SweepArguments;

/** What files and words of the command line ask for, and the points that come of it. */
class SweepSyntaxTest {
  private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();
  private static final Path BASE = CONF.resolve("quickstart.yaml");

  @TempDir private Path folder;

  private static Sweep words(String... words) {
    return new SweepArguments(Optional.empty(), Optional.of(BASE), List.of(words))
        .expand(Optional.of(CONF));
  }

  private Sweep file(String yaml, String... words) throws IOException {
    Path file = folder.resolve("x.yaml");
    Files.writeString(file, yaml);
    return new SweepArguments(Optional.of(file), Optional.of(BASE), List.of(words))
        .expand(Optional.of(CONF));
  }

  private List<String> errors(String yaml, String... words) {
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> file("sweep: x\n" + yaml, words));
    assertThat(e).as("an exception").isNotNull();
    return e.errors().stream()
        .map(error -> error.toString().replace(folder + "/", "").replace(CONF + "/", ""))
        .toList();
  }

  private static List<String> texts(Sweep sweep) {
    return sweep.points().stream().map(Point::text).toList();
  }

  private static Object value(Point point, String key) {
    return ConfigValues.all(point.config().config()).get(key);
  }

  @Test
  void listsAndRangesAreCrossedAndSeedsChangeLast() {
    assertThat(texts(words("predictor.kind=mlp,none", "seed=0..1", "train.batch_size=64,128")))
        .containsExactly(
            "predictor.kind=mlp train.batch_size=64 seed=0",
            "predictor.kind=mlp train.batch_size=128 seed=0",
            "predictor.kind=none train.batch_size=64 seed=0",
            "predictor.kind=none train.batch_size=128 seed=0",
            "predictor.kind=mlp train.batch_size=64 seed=1",
            "predictor.kind=mlp train.batch_size=128 seed=1",
            "predictor.kind=none train.batch_size=64 seed=1",
            "predictor.kind=none train.batch_size=128 seed=1");
  }

  @Test
  void aKeyWithOneValueIsAnOverrideOfTheBase() {
    Sweep sweep = words("predictor.kind=mlp,none", "train.epochs=3");

    assertThat(texts(sweep)).containsExactly("predictor.kind=mlp", "predictor.kind=none");
    assertThat(sweep.points()).allMatch(point -> value(point, "train.epochs").equals(3));
    assertThat(sweep.points().get(0).overrides()).isEqualTo(Map.of("train.epochs", 3));
    assertThat(sweep.name()).isEqualTo("grid-quickstart");
  }

  @Test
  void commasInsideListsAndQuotesDoNotSeparateValues() {
    Sweep one = words("augment.crop_scale=[0.1,0.9]", "seed=0,1");
    assertThat(texts(one)).containsExactly("seed=0", "seed=1");
    assertThat(value(one.points().get(0), "augment.crop_scale")).hasToString("[0.1, 0.9]");

    assertThat(texts(words("augment.crop_scale=[0.1,0.9],[0.2,1.0]")))
        .containsExactly("augment.crop_scale=[0.1, 0.9]", "augment.crop_scale=[0.2, 1.0]");
    assertThat(texts(words("shard.salt='a,b',c")))
        .containsExactly("shard.salt=a,b", "shard.salt=c");
  }

  @Test
  void idsDependNeitherOnOtherAxesNorOnHowValuesAreWritten() throws Exception {
    Sweep small = words("train.weight_decay=1.5e-4,5e-4", "seed=3");
    Sweep large =
        words(
            "seed=1..3",
            "tracking.mode=offline",
            "predictor.kind=none,mlp",
            "train.weight_decay=0.00150,0.000150");
    Sweep written =
        file(
            """
            sweep: x
            axes:
              decay: {low: {train: {weight_decay: 15e-5}}, high: {train.weight_decay: 1}}
            overrides: {seed: 3}
            """);

    String id = small.points().get(0).id();
    assertThat(id).matches("[0-9a-f]{10}");
    assertThat(large.points()).filteredOn(point -> point.id().equals(id)).hasSize(1);
    assertThat(written.points().get(0).id()).isEqualTo(id);
    // The base's own value is no difference to the base.
    assertThat(small.points().get(1).overrides()).containsOnlyKeys("seed");
  }

  @Test
  void placesWithTheSameConfigurationAreOnePoint() throws Exception {
    Sweep sweep =
        file(
            """
            sweep: x
            axes:
              what:
                all: {}
                no blur: {augment.blur.p: 0.0}
                no flip: {augment.flip: 0}
                elsewhere: {train.loader_threads: 1}
            """);

    assertThat(sweep.points()).hasSize(2);
    assertThat(sweep.points().get(0).labels())
        .extracting(labels -> labels.get("what"))
        .containsExactly("all", "no blur", "elsewhere");
  }

  @Test
  void axesThatAreZippedGoTogether() throws Exception {
    String yaml =
        """
        sweep: x
        axes: {seed: 0..1}
        zip:
          - {train.base_lr: [0.1, 0.2], train.weight_decay: [1e-4, 2e-4]}
        """;

    assertThat(texts(file(yaml)))
        .containsExactly(
            "train.base_lr=0.1 train.weight_decay=0.0001 seed=0",
            "train.base_lr=0.2 train.weight_decay=0.0002 seed=0",
            "train.base_lr=0.1 train.weight_decay=0.0001 seed=1",
            "train.base_lr=0.2 train.weight_decay=0.0002 seed=1");
    assertThat(errors(yaml.replace("sweep: x\n", "").replace("2e-4]", "2e-4, 3e-4]")))
        .containsExactly(
            "Cannot set zip: expected as many values for each, got [2, 3] (x.yaml:4:5)");
  }

  @Test
  void pointsAreExcludedAndAdjustedByConditions() throws Exception {
    Sweep sweep =
        file(
            """
            sweep: x
            axes:
              train.batch_size: [64, 128, 256]
              seed: 0..3
            exclude:
              - {train.batch_size: [64, 128], seed: 1..3}
            points:
              - {when: {train.batch_size: ">=256"}, set: {train.warmup_epochs: 2}}
              - {when: {train.epochs: 20, seed: 3}, set: {knn.k: 50}}
            """,
            "train.batch_size=64,128,512");

    assertThat(texts(sweep))
        .containsExactly(
            "train.batch_size=64 seed=0",
            "train.batch_size=128 seed=0",
            "train.batch_size=512 seed=0",
            "train.batch_size=512 seed=1",
            "train.batch_size=512 seed=2",
            "train.batch_size=512 seed=3");
    assertThat(sweep.points())
        .extracting(point -> value(point, "train.warmup_epochs"))
        .containsExactly(0, 0, 2, 2, 2, 2);
    assertThat(value(sweep.points().get(5), "knn.k")).isEqualTo(50);
    assertThat(value(sweep.points().get(4), "knn.k")).isEqualTo(200);
  }

  @Test
  void valuesInTermsOfTheBaseAreShownAsNumbers() throws Exception {
    Sweep sweep = words("projector.dim=base/2,base,base*1.5", "predictor.hidden=base/4");

    assertThat(texts(sweep))
        .containsExactly("projector.dim=128", "projector.dim=256", "projector.dim=384");
    assertThat(sweep.points()).allMatch(point -> value(point, "predictor.hidden").equals(16));
    assertThat(sweep.points().get(0).id())
        .isEqualTo(words("projector.dim=128,64", "predictor.hidden=16").points().get(0).id());
  }

  @Test
  void whatTheBaseCannotHaveIsLeftOutWithTheReason() {
    Sweep sweep = words("projector.dim=base/3,base", "train.warmup_epochs=0,20");

    assertThat(texts(sweep)).containsExactly("projector.dim=256 train.warmup_epochs=0");
    assertThat(sweep.leftOut())
        .extracting(Point.LeftOut::text, Point.LeftOut::reason)
        .extracting(Object::toString)
        .containsExactly(
            "(\"projector.dim=base/3 train.warmup_epochs=0\", \"Cannot set projector.dim to base/3"
                + " of a base of 256: that is 85.33333333333333, no integer (command line:"
                + " projector.dim=base/3,base)\")",
            "(\"projector.dim=base/3 train.warmup_epochs=20\", \"Cannot set projector.dim to base/3"
                + " of a base of 256: that is 85.33333333333333, no integer (command line:"
                + " projector.dim=base/3,base)\")",
            "(\"projector.dim=256 train.warmup_epochs=20\", \"Cannot set train.warmup_epochs:"
                + " expected fewer than train.epochs (20), got 20 (command line:"
                + " train.warmup_epochs=0,20)\")");
    assertThat(
            catchThrowableOfType(ConfigException.class, () -> words("train.warmup_epochs=20,30")))
        .hasMessageContaining("Cannot expand sweep grid: expected a point that can be had, got")
        .hasMessageContaining("expected fewer than train.epochs (20), got 20");
  }

  @Test
  void everyMistakeIsToldAtOnceWithItsPlace() {
    assertThat(
            errors(
                """
                qestion: why
                overrides:
                  train.epoch: 3
                axes:
                  predictor.kind: [mlp, none, fix]
                  train.epochs: [many, 3]
                  seed: 2..0
                  knn.k: [10, 010]
                exclude:
                  - {predictor.kind: non}
                points:
                  - {when: {seeds: 1}, set: {knn.k: 5}}
                baseline: mlp
                least_steps: few
                """,
                "train.batch_size=64,128x",
                "linear.lr"))
        .containsExactlyInAnyOrder(
            "Cannot set qestion: there is no such key; did you mean question? (x.yaml:2:1)",
            "Cannot set a range: expected from the smaller to the larger, at most 10000 values, got"
                + " 2..0 (x.yaml:8:9)",
            "Cannot set axis seed: expected values, got none (x.yaml:8:3)",
            "Cannot set axis knn.k: expected every value once, got 10 twice (x.yaml:9:3)",
            "Cannot match axis predictor.kind: expected one of mlp, none, fix, got non; did you mean"
                + " none? (x.yaml:11:6)",
            "Cannot set baseline: expected {name: value, ...}, got mlp (x.yaml:14:11)",
            "Cannot set least_steps: expected an integer, got few (x.yaml:15:14)",
            "Cannot read linear.lr: expected key=value or key=a,b (command line: linear.lr)",
            "Cannot set train.epoch: there is no such key; did you mean train.epochs?"
                + " (x.yaml:4:3)",
            "Cannot set a condition: expected an axis or a known key, got seeds (x.yaml:13:13)",
            "Cannot set predictor.kind: expected one of mlp, none, fixed, got fix; did you mean"
                + " fixed? (x.yaml:6:31)",
            "Cannot set train.epochs: expected an integer from -2147483648 to 2147483647, got many"
                + " (x.yaml:7:18)",
            "Cannot set train.batch_size: expected an integer from -2147483648 to 2147483647, got"
                + " 128x (command line: train.batch_size=64,128x)");
  }

  @Test
  void axesMustVaryOneThingEachThatCanChangeAResult() {
    assertThat(
            errors(
                """
                axes:
                  head: {wide: {projector.dim: 64}, narrow: {projector.dim: 32}}
                  projector.dim: [16, 32]
                """))
        .containsExactly(
            "Cannot set projector.dim by axis projector.dim: axis head sets it (x.yaml:4:3)");
    assertThat(
            errors(
                """
                axes:
                  head: {wide: {projector.dim: 64}, narrow: {projector.dim: 32}}
                """,
                "projector.dim=16",
                "tracking.mode=auto,offline"))
        .containsExactly(
            "Cannot vary tracking.mode: it cannot change a result (command line:"
                + " tracking.mode=auto,offline)",
            "Cannot override projector.dim: axis head sets it (command line: projector.dim=16)");
  }

  @Test
  void theCommandLineChoosesAmongLabelsAndReplacesValues() throws Exception {
    String yaml =
        """
        sweep: x
        axes:
          predictor:
            "mlp, cosine": {train.predictor_lr: cosine}
            none: {predictor.kind: none}
            fixed: {predictor.kind: fixed}
          seed: 0..2
        """;

    assertThat(texts(file(yaml, "predictor='mlp, cosine',none", "seed=7")))
        .containsExactly("predictor=mlp, cosine seed=7", "predictor=none seed=7");
    assertThat(errors(yaml.replace("sweep: x\n", ""), "predictor=non"))
        .containsExactly(
            "Cannot set axis predictor: expected one of mlp, cosine | none | fixed, got non; did you"
                + " mean none? (command line: predictor=non)");
  }

  @Test
  void aSweepNeedsABaseAndTooManyPointsAreRefused() throws Exception {
    Path file = folder.resolve("x.yaml");
    Files.writeString(file, "sweep: x\naxes: {seed: 0..1}\n");
    assertThat(
            catchThrowableOfType(
                ConfigException.class,
                () ->
                    new SweepArguments(Optional.of(file), Optional.empty(), List.of())
                        .expand(Optional.of(CONF))))
        .hasMessage("Cannot expand a sweep: expected a base, got none (" + file + ")");
    assertThat(
            catchThrowableOfType(ConfigException.class, () -> words("seed=0..9998", "knn.k=1,2")))
        .hasMessage(
            "Cannot set axes: expected at most 10000 points, got 19998 or more (command line:"
                + " knn.k=1,2)");
  }

  @Test
  void aConfigurationIsNoSweep() {
    assertThat(SweepArguments.names(BASE, Optional.of(CONF))).isFalse();
    assertThat(SweepArguments.names(folder.resolve("none"), Optional.of(CONF))).isFalse();
    assertThat(SweepArguments.names(CONF.resolve("ablations/predictor.yaml"), Optional.of(CONF)))
        .isTrue();
  }
}
