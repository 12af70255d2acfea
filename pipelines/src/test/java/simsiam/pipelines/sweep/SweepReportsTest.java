package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stages.report.SweepReports;

/** The report of what of a sweep is in the workspace, by its {@code sweep.json}. */
class SweepReportsTest {
  @TempDir private Path folder;
  private FakeStudy study;

  @BeforeEach
  void makeStudy() {
    study = new FakeStudy(folder);
    study.knn =
        context ->
            StageReport.of(StageReport.Group.EVAL, "")
                .measures(
                    Measure.accuracy("knn_top1", "kNN top-1", 50.0 + context.config().seed()));
  }

  private List<String> report(Path sweep) throws Exception {
    new SweepReports(study.graph.stages(), study.workspace).write(sweep);
    return Files.readAllLines(sweep.resolve("report/points.csv"));
  }

  @Test
  void theStateIsThatOfTheWorkspaceNow() throws Exception {
    String[] words = {"seed=0..2", "knn.k=10,20"};
    study.fate =
        point -> point.point().labels().contains(Map.of("seed", "1", "knn.k", "20")) ? 3 : 0;
    Path sweep = study.results(study.sweep(words)).write(study.workspace).getParent();
    assertThat(report(sweep)).hasSize(7).allMatch(line -> !line.contains(",done,"));
    assertThat(Files.readString(sweep.resolve("report/report.html")))
        .contains("0 of 6 points done", "6 missing");

    study.run(words); // sweep.json stays as it was

    assertThat(report(sweep))
        .anyMatch(line -> line.endsWith(",seed=1 knn.k=10,done,,,51.0,,,false,"))
        .anyMatch(line -> line.contains(",seed=1 knn.k=20,failed,,"))
        .filteredOn(line -> line.contains(",done,"))
        .hasSize(5);
    assertThat(Files.readAllLines(sweep.resolve("report/results.csv")))
        .anyMatch(line -> line.startsWith("10,3,3,0,0,0,false,") && line.contains(",51.0,1.0,3,"))
        .anyMatch(line -> line.startsWith("20,3,2,0,1,0,false,"));
    assertThat(sweep.resolve("report.partial")).doesNotExist();
  }

  @Test
  void aFailureOfAnotherProgramIsNoneOfThisOne() throws Exception {
    study.fate = point -> 3;
    study.run("seed=0,1");
    Path sweep = study.results(study.sweep("seed=0,1")).write(study.workspace).getParent();
    assertThat(report(sweep)).anyMatch(line -> line.contains(",seed=0,failed,"));
    try (Stream<Path> files = Files.walk(sweep.resolve("points"))) {
      for (Path file : files.filter(f -> f.endsWith("failure.json")).toList()) {
        String other =
            Files.readString(file).replaceAll("\"inputs\" : \"....", "\"inputs\" : \"0000");
        Files.writeString(file, other);
      }
    }

    assertThat(study.due(false, "seed=0,1")).hasSize(2);
    assertThat(report(sweep))
        .noneMatch(line -> line.contains(",failed,"))
        .anyMatch(line -> line.contains(",seed=0,missing,"));
  }

  @Test
  void aReportIsUpToDateUntilTheSweepIsAnother() throws Exception {
    Path sweep = study.results(study.sweep("seed=0,1")).write(study.workspace).getParent();
    assertThat(SweepReports.isUpToDate(sweep)).isFalse();
    report(sweep);
    assertThat(SweepReports.isUpToDate(sweep)).isTrue();
    study.run("seed=0,1");
    study.results(study.sweep("seed=0,1")).write(study.workspace);
    assertThat(SweepReports.isUpToDate(sweep)).isFalse();
  }

  @Test
  void severalThatReportAtOnceWaitForEachOther() throws Exception {
    Path sweep = study.results(study.sweep("seed=0,1")).write(study.workspace).getParent();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  new SweepReports(study.graph.stages(), study.workspace).write(sweep);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }
    CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    assertThat(SweepReports.isUpToDate(sweep)).isTrue();
    assertThat(sweep.resolve("report.partial")).doesNotExist();
  }

  @Test
  void theAxesKeepTheirOrder() throws Exception {
    String[] words = {"train.epochs=2,3", "knn.k=10,20"};
    study.run(words);
    Path sweep = study.results(study.sweep(words)).write(study.workspace).getParent();
    report(sweep);
    assertThat(Files.readAllLines(sweep.resolve("report/results.csv")).get(0))
        .startsWith("train.epochs,knn.k,points,");
    assertThat(Files.readString(sweep.resolve("report/results.md")))
        .contains("| train.epochs | knn.k | n |", "| knn.k | train.epochs | n |");
  }
}
