package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.config.TransferSet;

/** A list of sections, of which there is one in the configuration. */
class TransferSetTest {
  @TempDir private Path folder;

  private static final ConfigLoader LOADER = new ConfigLoader(Optional.empty());

  private RunConfig load(String transfer) throws IOException {
    Path base = Path.of("../conf/base.yaml").toAbsolutePath().normalize();
    Path file = folder.resolve("run.yaml");
    Files.writeString(file, "extends: " + base + "\ntransfer:\n" + transfer);
    return LOADER.load(file, List.of()).config();
  }

  @Test
  void setsHaveTheKeysOfADatasetWithDefaults() throws IOException {
    RunConfig config =
        load(
            """
              - {name: hundred, source: cifar100, limit: 500}
              - name: flowers
                source: image_folder
                path: flowers
            """);
    assertThat(config.transfer())
        .containsExactly(
            new TransferSet("hundred", SourceKind.CIFAR100, "", false, 500, "", ""),
            new TransferSet(
                "flowers",
                SourceKind.IMAGE_FOLDER,
                folder.resolve("flowers").toString(),
                false,
                0,
                "",
                ""));
    assertThat(config.transfer().get(1).dataset())
        .isEqualTo(
            new DatasetSpec.Images(
                SourceKind.IMAGE_FOLDER, folder.resolve("flowers").toString(), false, 0));
  }

  @Test
  void whereASetIsHasNoPartInFingerprintsAndWhatItIsHas() throws IOException {
    RunConfig config = load("  - {name: a, source: image_folder, path: x, limit: 7}\n");
    assertThat(ConfigValues.slice(config, List.of("transfer")))
        .containsEntry(
            "transfer", List.of(Map.of("name", "a", "source", "image_folder", "limit", 7)));
    assertThat(ConfigValues.slice(load("  []\n"), List.of("transfer"))).isEmpty();
  }

  @Test
  void theConfigurationInEffectMeansTheSame() throws IOException {
    RunConfig config =
        load("  - {name: a, source: hf_parquet, path: \"it's\", label_column: fine}\n");
    Path written = folder.resolve("effective.yaml");
    Files.writeString(written, ConfigYaml.of(config));
    assertThat(LOADER.load(written, List.of()).config()).isEqualTo(config);
    Files.writeString(written, ConfigYaml.of(load("  []\n")));
    assertThat(LOADER.load(written, List.of()).config().transfer()).isEmpty();
  }

  @Test
  void mistakesAreToldWithTheirPlace() {
    assertThatThrownBy(() -> load("  - {name: a, source: cifar100, limt: 5}\n"))
        .hasMessageContaining("Cannot set transfer[0].limt: there is no such key")
        .hasMessageContaining("run.yaml:3");
    assertThatThrownBy(
            () -> load("  - {name: a, source: cifar100}\n  - {name: A b, source: mnist}\n"))
        .hasMessageContaining("transfer[1].name")
        .hasMessageContaining("small letters, digits, '_'");
    assertThatThrownBy(() -> load("  - {name: a, source: image_folder}\n"))
        .hasMessageContaining("transfer[0].path")
        .hasMessageContaining("a folder or file of images");
    assertThatThrownBy(() -> load("  - {name: a, source: unlabelled_folder, path: x}\n"))
        .hasMessageContaining("a set of labelled images");
    assertThatThrownBy(() -> load("  - {name: a, source: mnist, label_column: x}\n"))
        .hasMessageContaining("transfer[0].label_column");
    assertThatThrownBy(() -> load("  - {name: a, source: mnist, label_separator: x}\n"))
        .hasMessageContaining("transfer[0].label_separator");
    assertThatThrownBy(() -> load("  - {name: a, source: pascal_voc, path: x}\n"))
        .hasMessageContaining(
            "Cannot set svm.c: expected costs, as images of transfer set a may show several"
                + " classes, which SVMs alone evaluate, got []");
    assertThatThrownBy(() -> load("  - {name: a, source: mnist}\n  - {name: a, source: cifar10}\n"))
        .hasMessageContaining("sets of different names");
    assertThatThrownBy(() -> load("  - mnist\n"))
        .hasMessageContaining(
            "a section with the keys name, source, path, download, limit, label_column,"
                + " label_separator");
    assertThatThrownBy(() -> load("  mnist\n"))
        .hasMessageContaining(
            "a list of sections with the keys name, source, path, download, limit, label_column,"
                + " label_separator");
  }
}
