package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigErrorsTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void copyBase() throws IOException {
    Files.copy(Path.of("..", "conf", "base.yaml"), folder.resolve("base.yaml"));
    file = folder.resolve("x.yaml");
  }

  /**
   * The messages for a config of these lines, with the temporary folder and base.yaml's lines cut
   * out.
   */
  private List<String> errors(String yaml, String... overrides) throws IOException {
    Files.writeString(file, yaml);
    return errorsOf(file, overrides);
  }

  private List<String> errorsOf(Path config, String... overrides) {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> new ConfigLoader(Optional.empty()).load(config, List.of(overrides)));
    return e.errors().stream()
        .map(error -> error.toString().replace(folder + "/", ""))
        .map(message -> message.replaceAll("base.yaml:\\d+:\\d+", "base.yaml:LINE"))
        .toList();
  }

  @Test
  void reportsEveryErrorAtOnceWithItsPlace() throws IOException {
    assertThat(
            errors(
                """
                extends: base.yaml
                train:
                  epochs: many
                  batch_sise: 64
                knn:
                  k: 0
                  temperature: -1
                """,
                "objective.similarity=cosin",
                "predictor.hidden=1.5"))
        .containsExactlyInAnyOrder(
            "Cannot set train.epochs: expected an integer from -2147483648 to 2147483647, got many"
                + " (x.yaml:3:11)",
            "Cannot set train.batch_sise: there is no such key; did you mean train.batch_size?"
                + " (x.yaml:4:3)",
            "Cannot set knn.k: expected at least 1, got 0 (x.yaml:6:6)",
            "Cannot set knn.temperature: expected a number above 0, got -1.0 (x.yaml:7:16)",
            "Cannot set objective.similarity: expected one of cosine, cross_entropy, got cosin;"
                + " did you mean cosine? (command line: objective.similarity=cosin)",
            "Cannot set predictor.hidden: expected an integer from -2147483648 to 2147483647, got"
                + " 1.5 (command line: predictor.hidden=1.5)");
  }

  @Test
  void namesTheRuleThatCombinedValuesBreakAtTheValuesPlace() throws IOException {
    assertThat(errors("extends: base.yaml\ntrain: {warmup_epochs: 5}\n", "train.epochs=3"))
        .containsExactly(
            "Cannot set train.warmup_epochs: expected fewer than train.epochs (3), got 5"
                + " (x.yaml:2:24)");
  }

  @Test
  void seesCombinationsAcrossSectionsThatCannotWork() throws IOException {
    assertThat(
            errors(
                "extends: base.yaml\n",
                "augment.crop_size=1024",
                "projector.dim=100000",
                "train.engine=nd4j",
                "train.precision=tf32"))
        .containsExactlyInAnyOrder(
            "Cannot set projector.dim: expected less, as projector.3.weight would have 10000000000"
                + " values and an array holds 2147483639, got 100000 (command line:"
                + " projector.dim=100000)",
            "Cannot set train.batch_size: expected less, as the views of a batch"
                + " (augment.crop_size 1024) would have 3221225472 values and an array holds"
                + " 2147483639, got 512 (base.yaml:LINE)",
            "Cannot set train.precision: expected fp32, or bf16 on the CPU, of train.engine nd4j,"
                + " got tf32 (command line: train.precision=tf32)");
  }

  @Test
  void aFolderSourceNeedsAPathAndHasNoArchive() throws IOException {
    assertThat(
            errors("extends: base.yaml\n", "dataset.source=image_folder", "dataset.download=true"))
        .containsExactlyInAnyOrder(
            "Cannot set dataset.path: expected a folder or file of images, got nothing"
                + " (base.yaml:LINE)",
            "Cannot set dataset.download: expected false, as it has no public address, got true"
                + " (command line: dataset.download=true)");
  }

  @Test
  void suggestsKeysOfOtherSectionsAndListsThoseOfASectionWhereNoneIsNear() throws IOException {
    assertThat(
            errors(
                "extends: base.yaml\n", "epochs=3", "trian.epochs=3", "train.lr=1", "knn.zzzzzz=1"))
        .containsExactlyInAnyOrder(
            "Cannot set epochs: there is no such key; did you mean train.epochs or linear.epochs or"
                + " linear_augmented.epochs? (command line: epochs=3)",
            "Cannot set trian: there is no such key; did you mean train?"
                + " (command line: trian.epochs=3)",
            "Cannot set train.lr: there is no such key; did you mean train.base_lr or"
                + " train.predictor_lr? (command line: train.lr=1)",
            "Cannot set knn.zzzzzz: there is no such key (knn has k, temperature, grid_k,"
                + " grid_temperature) (command line: knn.zzzzzz=1)");
  }

  @Test
  void aMissingKeyIsAnErrorAsDefaultsLiveInBaseAlone() throws IOException {
    String base = Files.readString(folder.resolve("base.yaml"));
    String lacking = base.replaceAll("(?m)^  momentum:.*\n", "").replaceAll("(?m)^seed:.*\n", "");
    long section = lacking.substring(0, lacking.indexOf("\ntrain:")).lines().count() + 3;

    assertThat(errors(lacking))
        .containsExactlyInAnyOrder(
            "Cannot find seed: every key needs a value, or extends: base.yaml (x.yaml:9:1)",
            "Cannot find train.momentum: every key needs a value, or extends: base.yaml"
                + " (x.yaml:"
                + section
                + ":3)");
  }

  @Test
  void wrongShapesSayWhatIsExpected() throws IOException {
    assertThat(
            errors(
                """
                extends: base.yaml
                augment:
                  crop_scale: 0.2
                  crop_ratio: [low, 2]
                  blur: 0.5
                knn: [1, 2]
                encoder:
                  width:
                  zero_init_residual: yes
                shard:
                  salt: {a: b}
                """))
        .containsExactlyInAnyOrder(
            "Cannot set augment.crop_scale: expected a list such as [0.2, 1.0], got 0.2"
                + " (x.yaml:3:15)",
            "Cannot set augment.crop_ratio: expected a number, got low (x.yaml:4:16)",
            "Cannot set augment.blur: expected a section with the keys p, sigma, got 0.5"
                + " (x.yaml:5:9)",
            "Cannot set knn: expected a section with the keys k, temperature, grid_k,"
                + " grid_temperature, got [1, 2] (x.yaml:6:6)",
            "Cannot set encoder.width: expected an integer from -2147483648 to 2147483647, got"
                + " nothing (x.yaml:8:9)",
            "Cannot set encoder.zero_init_residual: expected true or false, got yes"
                + " (x.yaml:9:23)",
            "Cannot set shard.salt: expected text, got {a: b} (x.yaml:11:9)");
  }

  @Test
  void aDuplicateKeyNamesBothPlaces() throws IOException {
    assertThat(errors("extends: base.yaml\nknn:\n  k: 1\n  k: 2\n"))
        .containsExactly("Cannot set k twice: it is already set at x.yaml:3:3 (x.yaml:4:3)");
  }

  @Test
  void brokenYamlIsNamedWithItsPlace() throws IOException {
    assertThat(errors("extends: base.yaml\ntrain:\n\tepochs: 3\n"))
        .containsExactly(
            "Cannot read YAML: found character '\\t(TAB)' that cannot start any token. (Do not use"
                + " \\t(TAB) for indentation); indent with spaces, not with tabs (x.yaml:3:1)");
    assertThat(errors("extends: base.yaml\nknn: [1, 2\n"))
        .containsExactly(
            "Cannot read YAML: expected ',' or ']', but got <stream end>; while parsing a flow"
                + " sequence (x.yaml:3:1)");
    assertThat(errors("just words\n"))
        .containsExactly(
            "Cannot read a configuration: expected 'key: value' lines, got just words (x.yaml)");
    assertThat(errors(""))
        .containsExactly(
            "Cannot read a configuration: expected 'key: value' lines, got an empty file (x.yaml)");
    assertThat(errors("name: a\u0007b\n"))
        .containsExactly(
            "Cannot read YAML: expected printable text, got the character U+0007 (x.yaml:1:8)");
  }

  @Test
  void textThatIsNotUtf8IsNamedWithItsByte() throws IOException {
    Files.write(file, new byte[] {'n', 'a', 'm', 'e', ':', '\n', ' ', (byte) 0xE9, '\n'});

    assertThat(errorsOf(file))
        .containsExactly("Cannot read text: expected UTF-8, got the byte 0xE9 (x.yaml:2:2)");
  }

  @Test
  void whatAFileExtendsMustExistAndMustNotLeadBack() throws IOException {
    assertThat(errors("extends: nowhere.yaml\n"))
        .containsExactly("Cannot read nowhere.yaml: no such file (x.yaml:1:10)");
    assertThat(errors("extends: [a]\n"))
        .containsExactly("Cannot set extends: expected the name of a file, got [a] (x.yaml:1:10)");
    Files.writeString(folder.resolve("y.yaml"), "extends: x.yaml\n");
    assertThat(errors("extends: y.yaml\n"))
        .containsExactly("Cannot extend in a circle: x.yaml -> y.yaml -> x.yaml (y.yaml:1:10)");
  }

  @Test
  void aMissingFileAndAFolderAreToldApart() throws IOException {
    assertThat(errorsOf(folder.resolve("no.yaml")))
        .containsExactly("Cannot read no.yaml: no such file (no.yaml)");
    assertThat(errorsOf(Files.createDirectory(folder.resolve("d.yaml"))))
        .containsExactly("Cannot read d.yaml: it is a folder (d.yaml)");
  }

  @Test
  void anOverrideNeedsAKeyAndAValue() throws IOException {
    assertThat(errors("extends: base.yaml\n", "train.epochs", "=3", "train=3", "knn.k.x=1"))
        .anyMatch(
            m ->
                m.equals(
                    "Cannot read an override: expected key=value, got train.epochs"
                        + " (command line: train.epochs)"))
        .anyMatch(
            m ->
                m.equals(
                    "Cannot read an override: expected key=value, got =3" + " (command line: =3)"))
        .anyMatch(m -> m.startsWith("Cannot set train: expected a section with the keys engine,"))
        .anyMatch(
            m ->
                m.equals(
                    "Cannot set knn.k: expected an integer from -2147483648 to"
                        + " 2147483647, got {x: 1} (command line: knn.k.x=1)"))
        .hasSize(4);
  }
}
