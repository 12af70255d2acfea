package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.cli.console.Output;

class PlainWordsTest {
  @Test
  void namesOfClassesAndTheLikeAreFound() {
    Output output = PlainWords.output(new StringWriter(), new StringWriter(), false);
    for (String alien :
        List.of(
            "error: java.nio.file.NoSuchFileException: x",
            "error: SomeException",
            "error: got LocalInputFile@7f9f12ab",
            "error: Pair[dropped=a, kept=b]",
            "error: Input length = 1",
            "error: org.apache.parquet.io.InputFile is broken",
            "stage 2026-11-28T15:32:40.123456Z",
            "x\n\tat simsiam.pipelines.cli.Main")) {
      assertThatThrownBy(() -> output.complain(alien)).as(alien).isInstanceOf(AssertionError.class);
    }
    output.complain("error: Cannot read /runs/my.Data/x.java: expected a file, got none");
  }

  @Test
  void everyTestOfTheCommandLinePrintsToIt() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        if (!source.getFileName().toString().startsWith("PlainWords")) {
          assertThat(Files.readString(source)).as(source.toString()).doesNotContain("new Output(");
        }
      }
    }
  }
}
