package simsiam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;
import simsiam.pipelines.result.Fact;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.ResultTable;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;

class ReportTest {
  private static final Pattern SOURCE = Pattern.compile("src=\"([^\"]*)\"");
  private static final String DATA = "data:image/png;base64,";

  @TempDir Path folder;
  @TempDir Path samples;

  @Test
  void writesEveryPictureWholeAndInFull() throws IOException {
    Report.write(SampleRun.healthy("quickstart", SampleRun.CLASSES, 20, samples), folder);
    assertThat(plots())
        .containsExactlyInAnyOrder(
            "loss.png",
            "output_std.png",
            "knn.png",
            "linear_loss.png",
            "views.png",
            "neighbours.png",
            "confusion_knn.png",
            "confusion_linear.png",
            "embedding.png");
    for (String plot : plots()) {
      Pngs.assertDrawnWithinItsEdges(Files.readAllBytes(folder.resolve("plots").resolve(plot)));
    }
    BufferedImage loss = Pngs.decode(Files.readAllBytes(folder.resolve("plots/loss.png")));
    assertThat(loss.getWidth()).isEqualTo(1600);
    assertThat(loss.getHeight()).isEqualTo(1000);
  }

  @Test
  void thePageHoldsThePicturesAndNeedsNothingElse() throws IOException {
    Path page =
        Report.write(SampleRun.healthy("quickstart", SampleRun.CLASSES, 5, samples), folder);
    String html = Files.readString(page);
    Matcher source = SOURCE.matcher(html);
    int pictures = 0;
    while (source.find()) {
      assertThat(source.group(1)).startsWith(DATA);
      Pngs.decode(Base64.getDecoder().decode(source.group(1).substring(DATA.length())));
      pictures++;
    }
    assertThat(pictures).isEqualTo(plots().size());
    assertThat(html).doesNotContain("href", "url(", "@import", "<script", "<link", "http");
    assertThat(html)
        .contains("not collapsed", "kNN top-1", "ankle boot", "./simsiam run conf/quickstart.yaml");
  }

  @Test
  void hostileNamesStayText() throws IOException {
    String evil = "\"'><script src=http://evil.example/x.js onload=alert(1)></script>&lt;|\n`]";
    List<String> classes = List.of(evil, evil + "2", "");
    RunReport sample = SampleRun.healthy("x", classes, 2, samples);
    StageReport hostile =
        StageReport.of(Group.FINAL, evil)
            .facts(new Fact(evil, evil))
            .measures(Measure.trouble("evil", evil, true).note(evil).asHeadline())
            .tables(new ResultTable("evil", evil, List.of(evil), List.of(List.of(evil))))
            .curves(
                new Curve("evil", evil, evil, evil)
                    .line(evil, Role.MAIN, List.of(1.0), List.of(2.0))
                    .level(evil, Role.LIMIT, 1)
                    .asHeadline());
    List<RunReport.Output> stages = new ArrayList<>(sample.stages());
    stages.add(new RunReport.Output(samples, hostile));
    RunReport input = new RunReport(evil, stages, "</pre>" + evil, evil);

    String html = Files.readString(Report.write(input, folder));
    Comparison.write(evil, List.of(input, input), folder);

    for (String page : List.of(html, Files.readString(folder.resolve("comparison.html")))) {
      assertThat(page)
          .doesNotContain("<script", "\"'>", "</pre>&quot;", "</pre><")
          .contains("&quot;&#39;&gt;&lt;script src=http://evil.example/x.js");
    }
    assertThat(Files.readString(folder.resolve("results.md"))).doesNotContain("<script");
    assertThat(Files.readString(folder.resolve("comparison.md"))).doesNotContain("<script");
    for (String plot : plots()) {
      Pngs.assertDrawnWithinItsEdges(Files.readAllBytes(folder.resolve("plots").resolve(plot)));
    }
  }

  @Test
  void whatWasNotMeasuredIsLeftOut() throws IOException {
    RunReport sample = SampleRun.healthy("x", SampleRun.CLASSES, 1, samples);
    RunReport bare = new RunReport("bare", List.of(sample.stages().get(0)), "", "");
    String html = Files.readString(Report.write(bare, folder));
    assertThat(folder.resolve("plots")).doesNotExist();
    assertThat(html).doesNotContain("kNN", "Confusion", "Embedding", "linear top-1", "Curves");
    assertThat(folder.resolve("per_class.csv")).doesNotExist();
  }

  @Test
  void aCollapsedRunIsCalledSo() throws IOException {
    String html = Files.readString(Report.write(SampleRun.collapsing("bad", 14, samples), folder));
    assertThat(html)
        .contains("<span class=\"badge bad\">collapsed</span>", "collapsed: collapse level");
    assertThat(Files.readString(folder.resolve("results.csv"))).contains("collapsed,true,");
  }

  @Test
  void numbersDoNotDependOnTheMachinesLanguage() throws IOException {
    Locale before = Locale.getDefault();
    Path german = Files.createDirectory(folder.resolve("de"));
    Path english = Files.createDirectory(folder.resolve("en"));
    try {
      Locale.setDefault(Locale.GERMANY);
      Report.write(SampleRun.healthy("x", SampleRun.CLASSES, 3, samples), german);
      Locale.setDefault(Locale.US);
      Report.write(SampleRun.healthy("x", SampleRun.CLASSES, 3, samples), english);
    } finally {
      Locale.setDefault(before);
    }
    // The page holds every picture and table.
    assertThat(Files.mismatch(german.resolve("report.html"), english.resolve("report.html")))
        .isEqualTo(-1);
    assertThat(german.resolve("results.csv"))
        .hasSameTextualContentAs(english.resolve("results.csv"));
  }

  @Test
  void manyClassesAndOneEpochStayLegible() throws IOException {
    List<String> many =
        Stream.iterate(0, i -> i + 1).limit(100).map(i -> "a class of a long name " + i).toList();
    Report.write(SampleRun.healthy("x", many, 1, samples), folder);
    for (String plot : plots()) {
      Pngs.assertDrawnWithinItsEdges(Files.readAllBytes(folder.resolve("plots").resolve(plot)));
    }
    assertThat(Files.readAllLines(folder.resolve("per_class.csv"))).hasSize(101);
  }

  private List<String> plots() {
    String[] names = folder.resolve("plots").toFile().list();
    return Arrays.asList(names);
  }
}
