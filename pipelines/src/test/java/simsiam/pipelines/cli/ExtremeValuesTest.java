package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.image.RgbImage;
import simsiam.model.net.NetworkCost;
import simsiam.model.train.CosineSchedule;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Failures;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.config.load.ConfigYaml;

/**
 * Every key with values that nobody means: {@code plan} takes them, and what is made of them can be
 * made, or it refuses them in a line that names the key.
 */
class ExtremeValuesTest {
  private static final String X_4000 = "x".repeat(4000);
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path CONFIG = HOME.resolve("conf").resolve("quickstart.yaml");
  private static final String REFUSAL =
      "error: Cannot (set|read|use|reach) .+: expected .+,( but)? got .+( \\(.+\\))?";

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "2147483647",
          "9223372036854775808",
          "NaN",
          "1e308",
          "5e-324",
          "",
          X_4000);

  private static final List<String> LISTS =
      List.of(
          "[]",
          "[0]",
          "[0, 0]",
          "[1, 0]",
          "[-1, 1]",
          "[NaN, 1]",
          "[1e308, 1e308]",
          "[5e-324, 1]",
          "[5e-324, 5e-324]",
          "[1e-40, 1e38]",
          "[0.5, 0.5, 0.5]",
          "[1e308, 1e308, 1e308]",
          "[5e-324, 5e-324, 5e-324]",
          "[[1, 2], 3]",
          "[1, 2",
          "{a: 1}",
          "0.5");

  private static final List<String> TEXTS = List.of("", " ", "\"\\0\"", "\"\\n\"", "null", X_4000);

  private static final List<String> PLACES =
      List.of(
          "",
          " ",
          "\"\\0\"",
          "/" + X_4000,
          "/x".repeat(2100),
          "http://",
          "http:///x",
          "http://[",
          "https://:5000",
          "ftp://host/x",
          "s3://",
          "s3:///x",
          "hdfs://host:1/x",
          "file://",
          "file://host/x",
          "file:///%zz",
          "/dev/zero/0");

  @TempDir private static Path folder;

  @BeforeAll
  static void home() {
    System.setProperty("simsiam.home", HOME.toString());
  }

  @AfterAll
  static void forgetHome() {
    System.clearProperty("simsiam.home");
  }

  @Test
  void everyKeyIsTakenOrRefusedInOneLine() {
    Map<String, Object> defaults = ConfigValues.all(load(List.of()));
    List<String> wrong = new ArrayList<>();
    int taken = 0;
    for (Map.Entry<String, Object> key : defaults.entrySet()) {
      for (String value : values(key.getKey(), key.getValue())) {
        String problem = problem(key.getKey() + "=" + value, key.getKey());
        taken += problem.isEmpty() ? 1 : 0;
        if (!problem.isEmpty() && !problem.lines().allMatch(line -> line.matches(REFUSAL))) {
          wrong.add(key.getKey() + "=" + value + " -> " + problem);
        }
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(taken).as("values that are used").isGreaterThan(100);
  }

  private static List<String> values(String key, Object value) {
    if (List.of("workspace", "dataset.path", "tracking.uri").contains(key)) {
      return PLACES;
    }
    if (value instanceof List) {
      return LISTS;
    }
    return value instanceof Number ? NUMBERS : TEXTS;
  }

  /** What is complained of, in one text; empty if nothing is. */
  private static String problem(String override, String key) {
    List<String> overrides = new ArrayList<>(List.of("workspace=" + folder, override));
    if (key.equals("augment.mean") || key.equals("augment.std")) {
      overrides.add(0, "augment.mean=[0.5, 0.5, 0.5]");
      overrides.add(1, "augment.std=[0.5, 0.5, 0.5]");
    }
    if (key.equals("augment.blur.sigma")) {
      overrides.add("augment.blur.p=1");
    }
    RunConfig config;
    try {
      config = load(overrides);
    } catch (ConfigException e) {
      return String.join("\n", Failures.messages(e)).replaceAll("(?m)^", "error: ");
    } catch (Throwable e) {
      return e.toString();
    }
    return key.equals("workspace") && override.contains("hdfs") ? "" : planned(overrides, config);
  }

  private static String planned(List<String> overrides, RunConfig config) {
    StringWriter err = new StringWriter();
    List<String> command = new ArrayList<>(List.of("plan", CONFIG.toString()));
    command.addAll(overrides);
    try {
      Output output = PlainWords.output(new StringWriter(), err, false);
      int code = new Program(new ProductServices(), output).run(command.toArray(String[]::new));
      if (code == ExitCode.OK) {
        use(config);
      }
      String said = err.toString().strip();
      return code == ExitCode.OK || code == ExitCode.USAGE
          ? said
          : "exit code " + code + " " + said;
    } catch (Throwable e) {
      return e.toString();
    }
  }

  private static RunConfig load(List<String> overrides) {
    return new ConfigLoader(Optional.of(HOME.resolve("conf"))).load(CONFIG, overrides).config();
  }

  /** Makes what costs little of what a run would make. */
  private static void use(RunConfig config) {
    ConfigYaml.of(config);
    AugmentSpec augment = config.augment();
    int size = augment.cropSize();
    assertThat(NetworkCost.of(config.network(), size).parameters()).isPositive();
    new CosineSchedule(config.train(), 10).at(5);
    float[] view = new float[3 * size * size];
    Normalization normalization =
        new Normalization(
            augment.mean().isEmpty() ? List.of(0.5, 0.5, 0.5) : augment.mean(),
            augment.std().isEmpty() ? List.of(0.5, 0.5, 0.5) : augment.std());
    ViewMaker maker = new ViewMaker(augment);
    for (int index = 0; index < 3; index++) {
      maker.write(
          image(), new ViewRandom(config.seed(), 1, "i" + index, 0), normalization, view, 0);
      for (float value : view) {
        assertThat(Float.isFinite(value)).isTrue();
      }
    }
  }

  private static RgbImage image() {
    byte[] pixels = new byte[3 * 28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31);
    }
    return new RgbImage(28, 28, pixels);
  }
}
