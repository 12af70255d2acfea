package simsiam.pipelines.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.source.listing.SkippedFile;

class SkippedFilesTest {
  @TempDir private Path folder;

  @Test
  void areALineEach() throws IOException {
    List<SkippedFile> files =
        List.of(
            SkippedFile.hidden("a/.x"),
            new SkippedFile("b \"\u00e9\"", SkippedFile.NO_CLASS),
            SkippedFile.hidden("c/.y/"));
    new SkippedFiles(files).write(folder);

    assertThat(Files.readAllLines(folder.resolve("skipped.jsonl")))
        .containsExactly(
            "{\"name\":\"a/.x\",\"reason\":\"hidden\"}",
            "{\"name\":\"b \\\"\u00e9\\\"\",\"reason\":\"no_class\"}",
            "{\"name\":\"c/.y/\",\"reason\":\"hidden\"}");
    SkippedFiles read = SkippedFiles.read(folder);
    assertThat(read.files()).isEqualTo(files);
    assertThat(read)
        .hasToString("3 files or folders skipped: hidden 2 (a/.x, ...), no_class 1 (b \"\u00e9\")");
  }

  @Test
  void manyComeBackInTheirOrder() throws IOException {
    List<SkippedFile> files =
        IntStream.range(0, 3_000)
            .mapToObj(i -> new SkippedFile("f" + i * 7 % 3_000, SkippedFile.NOT_USED))
            .toList();
    new SkippedFiles(files).write(folder);

    assertThat(SkippedFiles.read(folder).files()).isEqualTo(files);
    assertThat(SkippedFiles.read(folder))
        .hasToString("3,000 files or folders skipped: not_used 3,000 (f0, ...)");
  }

  @Test
  void whereThereAreNoneThereIsNoFile() throws IOException {
    assertThat(SkippedFiles.read(folder).files()).isEmpty();
  }
}
