package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.folders.VocFolders;

/** Stages that only a configuration that asks for them has: SVMs, layers, other data sets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluationStagesTest {
  private TinyStudy study;
  private Path voc;
  private String[] asked;
  private String output;

  @BeforeAll
  void runOnce(@TempDir Path folder) throws Exception {
    study = TinyStudy.in(folder);
    Path colours = folder.resolve("colours");
    for (int i = 0; i < 60; i++) {
      String split = i < 40 ? "train" : "val";
      Path file = colours.resolve(split).resolve(i % 2 == 0 ? "even" : "odd").resolve(i + ".png");
      Fixtures.write(file, Fixtures.png(20, 24, i));
    }
    Fixtures.cifar100(folder.resolve("cifar"), 150, 80);
    voc = VocFolders.made(folder.resolve("voc"), 60, 40).root();
    asked =
        new String[] {
          "train.epochs=1",
          "probe.c=[0.01, 0.1]",
          "svm.c=[0.1, 1, 10]",
          "svm.low_shot=[1, 4]",
          "svm.samples=2",
          "layers.max_dim=32",
          "layers.epochs=2",
          "layers.milestones=[1]",
          "transfer=[{name: colours, source: image_folder, path: %s}, {name: hundred, source: cifar100, path: %s, limit: 70}, {name: voc, source: pascal_voc, path: %s}]"
              .formatted(colours, folder.resolve("cifar"), voc)
        };
    output = finished(asked);
  }

  private String finished(String... more) throws Exception {
    try (SimsiamProcess run = study.start("run", "workspace", more)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.output();
    }
  }

  private JsonNode summary() throws Exception {
    return CanonicalJson.parse(
        Files.readString(study.at("workspace").resolve("latest").resolve("summary.json")));
  }

  private List<Path> transferFolders() throws Exception {
    try (Stream<Path> entries = Files.list(study.at("workspace").resolve("cache/transfer"))) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void eachTellsItsMeasuresAndTheReportShowsThem() throws Exception {
    assertThat(output).containsPattern("svm +ran .*mAP .* %, random encoder .* %");
    assertThat(output).containsPattern("layers +ran .*best layer (feature\\d|average pool)");
    assertThat(output)
        .containsPattern(
            "transfer +ran .*probe top-1: colours .* %, hundred .* %, voc .* % \\(SVM mAP\\)");
    for (String key :
        List.of(
            "svm_map",
            "random_encoder_svm_map",
            "svm_top1",
            "svm_map_4_shot",
            "layers_feature1_probe_top1",
            "layers_feature5_sgd_top1",
            "random_encoder_layers_average_pool_probe_top1",
            "transfer_colours_probe_top1",
            "transfer_hundred_knn_top1",
            "random_encoder_transfer_hundred_svm_map",
            "transfer_voc_svm_map")) {
      assertThat(summary().path(key).isNumber()).as(key).isTrue();
      assertThat(summary().path(key).doubleValue()).as(key).isBetween(0.0, 100.0);
    }
    assertThat(summary().has("transfer_voc_probe_top1")).as("no image has one class").isFalse();
    assertThat(summary().path("svm_map").doubleValue())
        .as("better than by chance, 10 %")
        .isGreaterThan(20);
    Path page;
    try (Stream<Path> pages = Files.list(study.at("workspace").resolve("stages/report"))) {
      page = pages.findFirst().orElseThrow().resolve("report.html");
    }
    assertThat(Files.readString(page))
        .contains("Linear probes by layer", "SVM by class", "Other data sets", "hundred")
        .contains("images of voc may show several classes, which SVMs alone evaluate");
  }

  /**
   * Sets are prepared once for all encoders; another setting of the evaluation reads them again.
   */
  @Test
  void preparedSetsAreKept() throws Exception {
    List<Path> folders = transferFolders();
    assertThat(folders).hasSize(3);
    assertThat(folders)
        .extracting(path -> path.getFileName().toString().replaceAll("-.*", ""))
        .containsExactly("colours", "hundred", "voc");
    Object before = Files.getLastModifiedTime(folders.get(0).resolve("manifest.json"));
    String[] other =
        Stream.concat(Stream.of(asked), Stream.of("svm.c=[1]", "svm.low_shot=[]"))
            .toArray(String[]::new);

    String again = finished(other);

    assertThat(again).containsPattern("layers +cached").containsPattern("transfer +ran");
    assertThat(transferFolders()).isEqualTo(folders);
    assertThat(Files.getLastModifiedTime(folders.get(0).resolve("manifest.json")))
        .isEqualTo(before);
    assertThat(finished(asked)).containsPattern("svm +cached").containsPattern("transfer +cached");
  }

  /** Trained on as any other; what tells one class from all others is not part of the run. */
  @Test
  void imagesThatMayShowSeveralClassesAreTrainedOnAndEvaluatedBySvms() throws Exception {
    String[] several = {
      "dataset.source=pascal_voc",
      "dataset.path=" + voc,
      "dataset.limit=0",
      "train.epochs=1",
      "svm.c=[0.1, 1, 10]",
      "svm.low_shot=[1, 2]",
      "svm.samples=2"
    };
    try (SimsiamProcess run = study.start("run", "several", several)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      assertThat(run.output())
          .containsPattern("svm +ran .*mAP .* %, random encoder .* %")
          .doesNotContainPattern("(knn|probe|linear) +(ran|cached)");
    }
    JsonNode summary =
        CanonicalJson.parse(
            Files.readString(study.at("several").resolve("latest").resolve("summary.json")));
    assertThat(summary.path("svm_map").doubleValue()).isBetween(1.0, 100.0);
    assertThat(summary.path("svm_map_2_shot").isNumber()).isTrue();
    try (SimsiamProcess plan = study.start("plan", "several", several)) {
      assertThat(plan.exitCode()).as(plan.output()).isZero();
      assertThat(plan.output()).contains("2 (cat, dog), any number an image");
    }
    try (SimsiamProcess knn = study.start("run", "several", also(several, "--only", "knn"))) {
      assertThat(knn.exitCode()).isEqualTo(2);
      assertThat(knn.output())
          .contains(
              "Cannot select stage knn: expected one that the configuration asks for, got none;"
                  + " set svm.c instead, as the images may show several classes");
    }
    try (SimsiamProcess few = study.start("run", "several", also(several, "few_shot.shots=[1]"))) {
      assertThat(few.exitCode()).isEqualTo(2);
      assertThat(few.output())
          .contains(
              "Cannot set few_shot.shots: expected [] and fractions [], as the images may show"
                  + " several classes, which SVMs evaluate (svm.c, svm.low_shot), got [1]");
    }
  }

  private static String[] also(String[] arguments, String... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
  }
}
