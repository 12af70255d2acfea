package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.RunConfig;

/** Files that would take all memory, or never end, are refused at once by one message. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class HostileYamlTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void copyBase() throws IOException {
    Files.copy(Path.of("..", "conf", "base.yaml"), folder.resolve("base.yaml"));
    file = folder.resolve("x.yaml");
  }

  private List<String> errors(String yaml, String... overrides) throws IOException {
    Files.writeString(file, yaml);
    return errorsOf(file, overrides);
  }

  private List<String> errorsOf(Path config, String... overrides) {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> new ConfigLoader(Optional.empty()).load(config, List.of(overrides)));
    return e.errors().stream().map(error -> error.toString().replace(folder + "/", "")).toList();
  }

  @Test
  void aListInsideItself() throws IOException {
    assertThat(errors("extends: base.yaml\nname: recursive\naugment:\n  mean: &a [*a, *a]\n"))
        .containsExactly(
            "Cannot read YAML: expected a value that ends, got *a inside &a (x.yaml:4:13)");
    assertThat(errors("&a knn: &b {k: *b}\n"))
        .containsExactly(
            "Cannot read YAML: expected a value that ends, got *b inside &b (x.yaml:1:16)");
    assertThat(errors("extends: base.yaml\n", "augment.mean=[*a]"))
        .containsExactly(
            "Cannot read YAML: expected &a before it, got *a alone (command line:"
                + " augment.mean=[*a])");
  }

  @Test
  void aBillionLaughs() throws IOException {
    StringBuilder yaml = new StringBuilder("extends: base.yaml\na0: &a0 [lol, lol]\n");
    for (int i = 1; i < 40; i++) {
      yaml.append(String.format(Locale.ROOT, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1));
    }

    assertThat(errors(yaml.toString()))
        .singleElement()
        .asString()
        .matches(
            "Cannot read YAML: expected at most 10000 values, those of aliases included, got more"
                + " \\(x.yaml:1\\d:\\d+\\)");
  }

  @Test
  void anchorsThatRepeatAValueAreLeftAlone() throws IOException {
    Files.writeString(
        file,
        """
        extends: base.yaml
        augment:
          crop_scale: &interval [0.5, 1.0]
          crop_ratio: *interval
        knn: {k: &k 20}
        linear: {epochs: *k}
        """);

    RunConfig config = new ConfigLoader(Optional.empty()).load(file, List.of()).config();

    assertThat(config.augment().cropRatio()).containsExactly(0.5, 1.0);
    assertThat(config.linear().epochs()).isEqualTo(20);
  }

  @Test
  void deepNesting() throws IOException {
    String deep = "Cannot read YAML: expected values at most 20 deep, got deeper ones ";
    assertThat(errors("knn: " + "[".repeat(200_000))).containsExactly(deep + "(x.yaml:1:26)");
    assertThat(errors("? ".repeat(100_000))).containsExactly(deep + "(x.yaml:1:43)");
    assertThat(errors("extends: base.yaml\n", "knn.k=" + "[".repeat(4000)))
        .singleElement()
        .asString()
        .startsWith(deep + "(command line: knn.k=[[[");
  }

  @Test
  void tooMuchOfIt() throws IOException {
    assertThat(errors("k: v\n".repeat(30_000)))
        .startsWith("Cannot set k twice: it is already set at x.yaml:1:1 (x.yaml:2:1)")
        .last()
        .isEqualTo(
            "Cannot read YAML: expected at most 10000 values, those of aliases included, got more"
                + " (x.yaml:5000:4)");
    assertThat(errors("name: " + "x".repeat(8_000_000)))
        .containsExactly(
            "Cannot read x.yaml: expected at most 1048576 bytes, got 8000006 (x.yaml)");
    assertThat(errors("extends: base.yaml\nname: " + "x".repeat(1_000_000)))
        .containsExactly(
            "Cannot read YAML: expected at most 5000 characters a value, got 1000000: "
                + "x".repeat(300)
                + "... (x.yaml:2:7)");
    assertThat(errors("extends: base.yaml\n", "name=" + "x".repeat(100_000)))
        .containsExactly(
            "Cannot read an override: expected at most 5000 characters, got 100005 (command line:"
                + " name="
                + "x".repeat(295)
                + "...)");
    assertThat(errors("extends: base.yaml\n", "knn.k" + ".k".repeat(2_000) + "=1"))
        .singleElement()
        .asString()
        .startsWith("Cannot read an override: expected at most 20 names, got 2002 (");
    assertThat(errors("extends: base.yaml\n", "seed=" + "1".repeat(4_000)))
        .singleElement()
        .asString()
        .startsWith("Cannot set seed: expected an integer, got 111");
    assertThat(errors("extends: base.yaml\n" + "k".repeat(1_000) + ": 1\n"))
        .singleElement()
        .asString()
        .startsWith("Cannot set kkk")
        .hasSizeLessThan(1000);
  }

  @Test
  void filesWithoutAnEnd() throws Exception {
    Path pipe = folder.resolve("pipe.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    assertThat(errorsOf(pipe))
        .containsExactly(
            "Cannot read pipe.yaml: expected a file, got a pipe or device (pipe.yaml)");
    assertThat(errorsOf(Path.of("/dev/zero")))
        .containsExactly(
            "Cannot read /dev/zero: expected a file, got a pipe or device (/dev/zero)");
    assertThat(errors("extends: pipe.yaml\n"))
        .containsExactly(
            "Cannot read pipe.yaml: expected a file, got a pipe or device (x.yaml:1:10)");
    assertThat(errorsOf(folder))
        .containsExactly("Cannot read " + folder + ": it is a folder (" + folder + ")");
  }

  @Test
  void aCircleOfFilesUnderEverNewNames() throws IOException {
    Files.createSymbolicLink(folder.resolve("again"), Path.of("."));

    assertThat(errors("extends: again/x.yaml\n"))
        .containsExactly("Cannot extend in a circle: x.yaml -> again/x.yaml (x.yaml:1:10)");
  }

  @Test
  void namesThatNoFileCanHave() throws IOException {
    assertThat(errors("extends: \"a\\0b\"\n"))
        .containsExactly("Cannot set extends: expected the name of a file, got a?b (x.yaml:1:10)");
    assertThat(errors("extends: " + "x".repeat(300) + "\n"))
        .singleElement()
        .asString()
        .endsWith(": File name too long (x.yaml:1:10)");
    assertThat(errors("extends: base.yaml\ndataset: {path: \"a\\0b\"}\nworkspace: \"a\\0b\"\n"))
        .containsExactly(
            "Cannot set dataset.path: expected a name without the character U+0000, got a?b"
                + " (x.yaml:2:17)");
    assertThat(errors("extends: base.yaml\n", "workspace=s3://", "name=x"))
        .containsExactly(
            "Cannot set workspace: expected a bucket or host after ://, got s3:// (command line:"
                + " workspace=s3://)");
  }

  @Test
  void severalDocumentsAndUnprintableTextAreNamedWithTheirPlace() throws IOException {
    assertThat(errors("knn: {k: 1}\n---\nknn: {k: 2}\n"))
        .containsExactly(
            "Cannot read YAML: expected a single document, got another one (x.yaml:2:1)");
    assertThat(errors("knn:\n  k: \u0007\n"))
        .containsExactly(
            "Cannot read YAML: expected printable text, got the character U+0007 (x.yaml:2:6)");
  }
}
