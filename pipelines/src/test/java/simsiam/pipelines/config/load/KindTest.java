package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.RunConfig;

/** Sections of several kinds: {@code dataset} by its {@code source}. */
class KindTest {
  private static final Path CONF = Path.of("..", "conf");

  @TempDir private Path folder;

  private Path file(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("extends: base.yaml", "dataset:"));
    all.addAll(Arrays.asList(lines));
    return Files.write(folder.resolve("mine.yaml"), all);
  }

  private static RunConfig load(Path file, String... overrides) {
    return new ConfigLoader(Optional.of(CONF)).load(file, List.of(overrides)).config();
  }

  private List<String> errors(Path file, String... overrides) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> load(file, overrides));
    return e.errors().stream().map(ConfigError::toString).toList();
  }

  @Test
  void theKindSaysWhichKeysThereAre() throws IOException {
    Path hub = file("  source: hf_parquet", "  path: set", "  label_column: coarse_label");

    DatasetSpec.HubParquet set = (DatasetSpec.HubParquet) load(hub).dataset();
    assertThat(set.labelColumn()).isEqualTo("coarse_label");
    assertThat(set.path()).isEqualTo(folder.resolve("set").toString());
    assertThat(load(hub, "dataset.label_column=fine_label").dataset())
        .extracting("labelColumn")
        .isEqualTo("fine_label");
    assertThat(load(file("  source: mnist")).dataset()).isInstanceOf(DatasetSpec.Images.class);
  }

  @Test
  void aKeyOfAnotherKindIsRefusedWithTheKindThatHasIt() throws IOException {
    Path cifar = file("  label_column: coarse_label", "  limt: 3");
    assertThat(errors(cifar))
        .containsExactlyInAnyOrder(
            "Cannot set dataset.label_column: expected dataset.source to be hf_parquet, as no"
                + " other has this key, got cifar10 ("
                + cifar
                + ":3:3)",
            "Cannot set dataset.limt: there is no such key; did you mean dataset.limit? ("
                + cifar
                + ":4:3)");
    assertThat(
            errors(
                file("  source: hf_parquet", "  path: set", "  label_column: x"),
                "dataset.source=mnist"))
        .containsExactly(
            "Cannot set dataset.label_column: expected dataset.source to be hf_parquet, as no"
                + " other has this key, got mnist ("
                + folder.resolve("mine.yaml")
                + ":5:3)");
  }

  @Test
  void anUnknownKindIsTheOnlyComplaint() throws IOException {
    Path wrong = file("  source: hf_parket", "  path: set", "  label_column: x");
    assertThat(errors(wrong))
        .containsExactly(
            "Cannot set dataset.source: expected one of cifar10, cifar100, mnist, fashion_mnist,"
                + " tiny_imagenet, stl10, stl10_with_unlabelled, imagenet, image_folder,"
                + " pascal_voc, unlabelled_folder, image_list, hf_parquet, webdataset, got hf_parket;"
                + " did you mean"
                + " hf_parquet? ("
                + wrong
                + ":3:11)");
  }

  @Test
  void aSectionIsStillWanted() throws IOException {
    Path wrong = Files.write(folder.resolve("w.yaml"), List.of("extends: base.yaml", "dataset: 3"));
    assertThat(errors(wrong))
        .containsExactly(
            "Cannot set dataset: expected a section with the keys source, path, download, limit,"
                + " label_column, label_separator, label_key, got 3 ("
                + wrong
                + ":2:10)");
  }

  /** What is left out takes no part in fingerprints, nor in what a report shows. */
  @Test
  void aKeyThatIsLeftOutIsAsIfThereWereNone() throws IOException {
    RunConfig plain = load(file("  source: hf_parquet", "  path: set"));
    assertThat(ConfigValues.slice(plain, List.of("dataset")))
        .containsOnlyKeys("dataset.limit", "dataset.source");
    assertThat(ConfigValues.results(plain)).doesNotContainKey("dataset.label_column");
    assertThat(ConfigValues.all(plain)).containsEntry("dataset.label_column", "");

    RunConfig set = load(file("  source: hf_parquet", "  path: set", "  label_column: x"));
    assertThat(ConfigValues.slice(set, List.of("dataset")))
        .isEqualTo(
            Map.of(
                "dataset.limit", 0, "dataset.source", "hf_parquet", "dataset.label_column", "x"));
    assertThat(ConfigValues.results(set)).containsEntry("dataset.label_column", "x");
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    RunConfig set = load(file("  source: hf_parquet", "  path: set", "  label_column: x"));
    Path written = Files.writeString(folder.resolve("again.yaml"), ConfigYaml.of(set));

    assertThat(load(written)).isEqualTo(set);
  }
}
