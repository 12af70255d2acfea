package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.RunConfig;

class ConfigLoaderTest {
  private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("x.yaml");
  }

  private LoadedConfig load(String yaml, String... overrides) throws IOException {
    Files.writeString(file, yaml);
    return new ConfigLoader(Optional.of(CONF)).load(file, List.of(overrides));
  }

  @Test
  void laysFilesOverThoseTheyExtendAndOverridesOverAll() throws IOException {
    Files.writeString(
        folder.resolve("middle.yaml"), "extends: base.yaml\nknn: {k: 7, temperature: 0.5}\n");

    LoadedConfig loaded = load("extends: middle.yaml\nknn:\n  k: 8\n", "seed=9", "seed=10");

    assertThat(loaded.config().knn().k()).isEqualTo(8);
    assertThat(loaded.config().knn().temperature()).isEqualTo(0.5);
    assertThat(loaded.config().seed()).isEqualTo(10);
    assertThat(loaded.config().linear().epochs()).isEqualTo(90);
    assertThat(loaded.origins().get("knn.k")).hasToString(file + ":3:6");
    assertThat(loaded.origins().get("knn.temperature"))
        .hasToString(folder.resolve("middle.yaml") + ":2:26");
    assertThat(loaded.origins().get("seed")).hasToString("command line: seed=10");
    assertThat(loaded.origins().get("linear.epochs"))
        .isInstanceOfSatisfying(
            Origin.InFile.class,
            place -> assertThat(place.file()).isEqualTo(CONF.resolve("base.yaml")));
  }

  @Test
  void readsListsQuotedTextAndTextWithColonsFromOverrides() throws IOException {
    RunConfig config =
        load(
                "extends: base.yaml\n",
                "augment.crop_scale=[0.08, 1]",
                "shard.salt=\"a b\"",
                "tracking.uri=http://host:5000",
                "dataset.path=",
                "train.base_lr=5e-2")
            .config();

    assertThat(config.augment().cropScale()).containsExactly(0.08, 1.0);
    assertThat(config.shard().salt()).isEqualTo("a b");
    assertThat(config.tracking().uri()).isEqualTo("http://host:5000");
    assertThat(config.dataset().path()).isEmpty();
    assertThat(config.train().baseLr()).isEqualTo(0.05);
  }

  @Test
  void pathsStartAtTheirFileOrAtTheWorkingFolderOrAtHome() throws IOException {
    String yaml = "extends: base.yaml\ndataset: {path: ../images}\n";

    assertThat(load(yaml).config().dataset().path())
        .isEqualTo(folder.resolveSibling("images").toString());
    assertThat(load(yaml, "dataset.path=images").config().dataset().path())
        .isEqualTo(Path.of("images").toAbsolutePath().toString());
    assertThat(load(yaml, "dataset.path=~/images").config().dataset().path())
        .isEqualTo(System.getProperty("user.home") + "/images");
  }

  @Test
  void yamlsGuessesAboutWordsPlayNoPart() throws IOException {
    RunConfig config =
        load("extends: base.yaml\nname: 1_0\nshard: {salt: no}\nseed: 1_000\n").config();

    assertThat(config.name()).isEqualTo("1_0");
    assertThat(config.shard().salt()).isEqualTo("no");
    assertThat(config.seed()).isEqualTo(1000);
  }

  @Test
  void aSectionWithAllItsKeysCommentedOutKeepsTheDefaults() throws IOException {
    assertThat(load("extends: base.yaml\nknn:\n  # k: 3\n").config().knn().k()).isEqualTo(200);
  }

  @Test
  void aByteOrderMarkAndWindowsLinesAreRead() throws IOException {
    assertThat(load("\uFEFFextends: base.yaml\r\nseed: 5\r\n").config().seed()).isEqualTo(5);
  }
}
