package simsiam.pipelines.stages.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportsTest {
  @TempDir private Path folder;

  @Test
  void aFolderThatIsNoComparisonIsNotDeleted() throws Exception {
    Path output = Files.createDirectory(folder.resolve("comparison"));
    Path thesis = Files.writeString(output.resolve("thesis.tex"), "years of work");

    assertThatThrownBy(() -> new RunReports(List.of()).compare(List.of(), output))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot compare: expected no folder of that name or an earlier comparison, got other"
                + " files (%s)",
            output);
    assertThat(thesis).hasContent("years of work");
  }
}
