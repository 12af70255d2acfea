package simsiam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.report.plot.Palette;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.result.StageReport;

class ComparisonTest {
  @TempDir Path folder;

  @Test
  void showsRunsSideBySide() throws IOException {
    RunReport with = SampleRun.healthy("with stop-gradient", SampleRun.CLASSES, 20, folder);
    RunReport without = SampleRun.collapsing("without", 14, folder);

    Path page = Comparison.write("Stop-gradient", List.of(with, without), folder);

    byte[] png = Files.readAllBytes(folder.resolve("plots/comparison.png"));
    Pngs.assertDrawnWithinItsEdges(png);
    BufferedImage image = Pngs.decode(png);
    assertThat(Pngs.count(image, Palette.line(0))).isGreaterThan(2000);
    assertThat(Pngs.count(image, Palette.line(1))).isGreaterThan(2000);
    assertThat(Files.readString(page)).contains("with stop-gradient", "without");

    List<String> csv = Files.readAllLines(folder.resolve("comparison.csv"));
    List<String> header = List.of(csv.get(0).split(",", -1));
    List<String> collapsed = List.of(csv.get(2).split(",", -1));
    assertThat(csv).hasSize(3);
    assertThat(collapsed.get(header.indexOf("collapsed"))).isEqualTo("true");
    assertThat(Double.parseDouble(collapsed.get(header.indexOf("final_loss"))))
        .isEqualTo((Double) without.measure("final_loss").orElseThrow().value());
  }

  /** What is not drawn over epochs has a picture of its own. */
  @Test
  void curvesOverOtherThingsHaveAPictureOfTheirOwn() throws IOException {
    List<RunReport> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      RunReport run = SampleRun.healthy("run " + i, SampleRun.CLASSES, 5, folder);
      Curve spectrum =
          new Curve("spectrum", "Spectrum", "by size", "log10")
              .asHeadline()
              .line(
                  "trained", Curve.Role.MAIN, List.of(1.0, 2.0, 3.0), List.of(0.0, -1.0 - i, -4.0));
      List<RunReport.Output> outputs = new ArrayList<>(run.stages());
      outputs.add(
          new RunReport.Output(
              folder, StageReport.of(StageReport.Group.DATA, "").curves(spectrum)));
      runs.add(new RunReport(run.name(), outputs, run.config(), run.command()));
    }

    Path page = Comparison.write("two", runs, folder);

    byte[] png = Files.readAllBytes(folder.resolve("plots/comparison-2.png"));
    Pngs.assertDrawnWithinItsEdges(png);
    assertThat(Pngs.decode(png).getWidth()).isEqualTo(2 * 800);
    assertThat(Pngs.count(Pngs.decode(png), Palette.line(0))).isGreaterThan(500);
    assertThat(Pngs.count(Pngs.decode(png), Palette.line(1))).isGreaterThan(500);
    assertThat(Pngs.decode(Files.readAllBytes(folder.resolve("plots/comparison.png"))).getWidth())
        .isEqualTo(2 * 1500);
    assertThat(Files.readString(page).split("<img", -1)).hasSize(3);
  }

  @Test
  void runsOfOneNameKeepTheirCurves() throws IOException {
    RunReport run = SampleRun.healthy("same", SampleRun.CLASSES, 3, folder);
    RunReport other = SampleRun.collapsing("same", 3, folder);
    Comparison.write("twice", List.of(run, other), folder);
    BufferedImage image = Pngs.decode(Files.readAllBytes(folder.resolve("plots/comparison.png")));
    assertThat(Pngs.count(image, Palette.line(1))).isGreaterThan(500);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> Comparison.write("none", List.of(), folder))
        .hasMessage("Cannot compare runs: expected at least one, got none");
  }
}
