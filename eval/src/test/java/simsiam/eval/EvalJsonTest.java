package simsiam.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.eval.knn.KnnResult;
import simsiam.eval.linear.LinearEpoch;
import simsiam.eval.linear.LinearOptimizer;
import simsiam.eval.linear.LinearResult;
import simsiam.eval.linear.LinearSpec;

class EvalJsonTest {
  private static final EvalReport REPORT =
      EvalReport.of(
          List.of(new Verdict(0, 0, true), new Verdict(0, 2, true), new Verdict(2, 2, true)),
          4,
          List.of("cat \"<&>\"", "no images", "dog"));

  @TempDir Path folder;

  @Test
  void knnResultComesBack() throws IOException {
    KnnResult result = new KnnResult(REPORT, 200, 0.1, 5000, 3);
    Path file = folder.resolve("report.json");
    EvalJson.write(result, file);
    assertThat(EvalJson.read(file, KnnResult.class)).isEqualTo(result);
    assertThat(Files.readString(file))
        .contains("\"bank_unlabelled\" : 3", "\"per_class\"", "\"top1\" : 66.66666666666667");
  }

  @Test
  void linearResultComesBack() throws IOException {
    LinearResult result =
        new LinearResult(
            new LinearSpec(1, 256, 30, false),
            7,
            5000,
            0,
            REPORT,
            REPORT,
            1,
            List.of(new LinearEpoch(1, 0.5, 1.25, 66.7, 100)));
    Path file = folder.resolve("report.json");
    EvalJson.write(result, file);
    assertThat(EvalJson.read(file, LinearResult.class)).isEqualTo(result);
  }

  /** Results of earlier releases are by SGD and do not say so. */
  @Test
  void linearResultsWithoutAnOptimiserAreRead() throws IOException {
    LinearSpec spec = new LinearSpec(1, 256, 30, false, LinearOptimizer.LARS);
    LinearResult result = new LinearResult(spec, 7, 5000, 0, REPORT, REPORT, 1, List.of());
    Path file = folder.resolve("report.json");
    EvalJson.write(result, file);
    assertThat(EvalJson.read(file, LinearResult.class).spec()).isEqualTo(spec);
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst(",\\s*\"optimizer\" : \"LARS\"", ""));
    assertThat(Files.readString(file)).doesNotContain("optimizer");
    assertThat(EvalJson.read(file, LinearResult.class).spec())
        .isEqualTo(new LinearSpec(1, 256, 30, false));
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Path file = folder.resolve("report.json");
    Files.writeString(file, "{\"k\": 200}");
    assertThatThrownBy(() -> EvalJson.read(file, KnnResult.class))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "Cannot read a result: expected another value of report (line 1, column 10)")
        .hasMessageEndingWith("(" + file + ")");
  }

  @Test
  void aClassWithoutImagesHasNoAccuracy() {
    assertThat(REPORT.perClass().get(0).percent()).hasValue(50);
    assertThat(REPORT.perClass().get(1).percent()).isEmpty();
  }
}
