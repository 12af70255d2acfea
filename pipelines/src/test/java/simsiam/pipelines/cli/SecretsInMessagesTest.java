package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.cli.console.LogFile;
import simsiam.pipelines.cli.console.Output;

/** What the program says of secrets that it was given: never the secret. */
class SecretsInMessagesTest extends ProgramHarness {
  private static final String SECRET = "hush-hush-9";

  /** Command lines that are refused. */
  static List<List<String>> refused() {
    return List.of(
        List.of("plan", "YAML"),
        List.of("config", "YAML"),
        List.of("run", BASE, "tracking.uri=http://me:" + SECRET + "@h"),
        List.of("run", BASE, "tracking.uri=http://h?token=" + SECRET),
        List.of("run", BASE, "tracking.password=" + SECRET),
        List.of("run", BASE, "http://me:" + SECRET + "@h"),
        List.of("run", BASE, "--password=" + SECRET),
        List.of("run", BASE, "--", "--awsSecretKey=" + SECRET),
        List.of("run", BASE, "--", "--password", SECRET),
        List.of("run", BASE, "--", "--userAgent=x", "token=" + SECRET),
        List.of("sync", "--workspace", "w", "--uri", "http://me:" + SECRET + "@h"),
        List.of("sync", "--workspace", "w", "--uri", "http://h/?token=" + SECRET),
        List.of("sync", "--workspace", "w", "--uri", "http://m e:" + SECRET + "@h"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsRefusedIsRefusedWithoutThem(List<String> call) throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("secret.yaml"),
            "extends: %s\ntracking: {uri: 'http://me:%s@host', password: %s}\ndataset: {path: {token: %s}}\n"
                .formatted(Path.of(BASE).toAbsolutePath(), SECRET, SECRET, SECRET));
    String[] words =
        call.stream()
            .map(word -> word.equals("YAML") ? yaml.toString() : word)
            .map(word -> word.equals("w") ? folder.toString() : word)
            .toArray(String[]::new);
    Output output = PlainWords.output(out, err, false);

    assertThat(new Program(new ProductServices(), output).run(words)).isIn(2, 3);

    assertThat(out.toString() + err).contains("error: ").doesNotContain(SECRET);
  }

  @Test
  void theCommandThatGoesOnSaysThatASecretIsLeftOut() throws IOException {
    services.train =
        context -> {
          throw new IOException("Cannot reach http://me:" + SECRET + "@host");
        };

    assertThat(program("run", BASE, workspace, "--", "--awsSecretKey=" + SECRET)).isEqualTo(3);

    assertThat(errors())
        .contains("error: Cannot reach http://***@host")
        .anyMatch(
            line ->
                line.startsWith("continue with: ")
                    && line.endsWith(
                        " -- '--awsSecretKey=***'  # a secret is left out: type it in place of"
                            + " ***"));
    assertThat(program("status", "--workspace", folder.toString())).isZero();
    assertThat(out.toString()).contains("'--awsSecretKey=***'");
    assertThat(program("run", BASE, workspace)).isEqualTo(3);
    assertThat(errors())
        .anyMatch(line -> line.startsWith("continue with: ") && !line.contains("#"));
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as("%s", file).doesNotContain(SECRET);
      }
    }
  }

  @Test
  void linesOfLibrariesAndStackTracesAreLoggedWithoutThem(@TempDir Path other) throws IOException {
    Path file = other.resolve("run.log");
    Logger library = LoggerFactory.getLogger("org.example.Client");
    try (LogFile log = LogFile.open(file)) {
      assertThat(log).isNotNull();
      library.info("GET http://h/a?access_token={}", SECRET);
      library.warn("failed", new IOException("password=" + SECRET));
      java.util.logging.Logger.getLogger("org.example").info("Options: [--awsSecretKey=" + SECRET);
    }
    assertThat(Files.readString(file))
        .contains("GET http://h/a?access_token=***", "password=***", "--awsSecretKey=***")
        .contains("at simsiam.pipelines.cli.SecretsInMessagesTest")
        .doesNotContain("password=" + SECRET, "token=" + SECRET, "Key=" + SECRET);
  }
}
