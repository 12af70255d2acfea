package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.features.FeatureFile;
import simsiam.model.data.features.FeatureRow;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.StageInputs;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stage.store.StageFolder;
import simsiam.pipelines.stage.store.SuccessRecord;

/** What the features stage tells of its tables, also of those of an earlier release. */
class FeaturesReportTest {
  @TempDir private Path folder;

  @BeforeEach
  void commit() throws IOException {
    write("features-test.parquet", 1);
    write("random-features-test.parquet", 0);
    StageResult result = new StageResult("4 images, 2 channels", new TreeMap<>());
    StageInputs inputs = new StageInputs("features", 2, new TreeMap<>(), new TreeMap<>(), "");
    Json.write(
        folder.resolve("_SUCCESS.json"),
        new SuccessRecord(
            inputs.fingerprint(),
            inputs,
            new TreeMap<>(),
            new TreeMap<>(),
            result,
            "",
            "",
            1,
            new TreeMap<>()));
  }

  /** Four points at the corners of a rectangle of 20 by 2, times a scale. */
  private void write(String name, float scale) {
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(
            folder.resolve(name), 2, new FeatureFile.Origin("resnet10", "avgpool", "0"))) {
      for (int i = 0; i < 4; i++) {
        float[] corner = {(i & 1) * 20 * scale, (i >> 1) * 2 * scale};
        writer.write(new FeatureRow("i" + i, 0, corner));
      }
      writer.commit();
    }
  }

  private StageReport told() throws IOException {
    return StageFolder.report(new FeaturesStage(), folder).orElseThrow();
  }

  private void assertWhole(StageReport report) {
    assertThat(report.headline()).isEqualTo("4 images, 2 channels");
    Curve spectrum = report.curves().get(0);
    assertThat(spectrum.headline()).isTrue();
    // Variances 10² and 1²; the random encoder's are none, and have no logarithm.
    assertThat(spectrum.lines()).hasSize(1);
    assertThat(spectrum.lines().get(0).role()).isEqualTo(Curve.Role.MAIN);
    assertThat(spectrum.lines().get(0).x()).containsExactly(1.0, 2.0);
    assertThat(spectrum.lines().get(0).y()).containsExactly(2.0, 0.0);
  }

  @Test
  void theSpectrumIsMadeOnceAndThenKnown() throws IOException {
    assertWhole(told());

    Files.delete(folder.resolve("features-test.parquet"));
    assertWhole(told());
  }

  @Test
  void aReportOfAnEarlierReleaseIsMadeAgainWithIt() throws IOException {
    StageReport earlier =
        StageReport.of(StageReport.Group.DATA, "4 images, 2 channels")
            .measures(Measure.count("feature_dim", "channels of a feature", 2));
    earlier.write(folder);

    assertWhole(told());
    assertThat(told().measures()).isEqualTo(earlier.measures());
    assertThat(StageReport.read(folder)).contains(told());
  }

  @Test
  void collapsedFeaturesHaveNoLine() throws IOException {
    write("features-test.parquet", 0);

    StageReport report = told();

    assertThat(report.curves()).extracting(Curve::lines).containsExactly(List.of());
    assertThat(new FeaturesStage().completed(report, folder)).isSameAs(report);
  }
}
