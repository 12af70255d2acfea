package simsiam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import simsiam.pipelines.report.SweepStudy.Difference;
import simsiam.pipelines.report.SweepStudy.Group;
import simsiam.pipelines.report.SweepStudy.Point;
import simsiam.pipelines.report.SweepStudy.State;
import simsiam.pipelines.report.plot.Palette;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.result.StageReport;

class SweepReportTest {
  private static final String HOSTILE = "<script>x</script> & \"q\" ]]> \u0001 a|b_c";

  @TempDir Path folder;

  /** A point that ended with this accuracy. */
  private static Point done(String text, double top1, boolean collapsed) {
    StageReport report =
        StageReport.of(StageReport.Group.EVAL, "")
            .measures(
                Measure.accuracy("linear_top1", "linear top-1", top1),
                Measure.trouble("collapsed", "collapsed", collapsed));
    return point(text, State.DONE, "", List.of(report));
  }

  private static Point point(String text, State state, String note, List<StageReport> reports) {
    List<RunReport.Output> outputs =
        reports.stream().map(report -> new RunReport.Output(Path.of("x"), report)).toList();
    return new Point("id " + text, text, state, note, new RunReport(text, outputs, "", ""));
  }

  private static Group group(Map<String, String> labels, boolean baseline, Point... points) {
    return new Group(labels, baseline, List.of(points), Map.of(), "");
  }

  private static SweepStudy study(Map<String, List<String>> axes, Group... groups) {
    List<Point> points = Stream.of(groups).flatMap(g -> g.points().stream()).toList();
    List<String> measures = List.of("linear_top1", "collapsed");
    return new SweepStudy("s", "Which?", axes, measures, "", points, List.of(groups), Map.of());
  }

  private static SweepStudy threeSeeds() {
    return study(
        Map.of("rate", List.of("a", "b", "c")),
        group(
            Map.of("rate", "a"),
            true,
            done("a0", 60, false),
            done("a1", 62, false),
            done("a2", 64, false)),
        group(
            Map.of("rate", "b"),
            false,
            done("b0", 65, false),
            done("b1", 66, true),
            done("b2", 70, false)),
        group(
            Map.of("rate", "c"),
            false,
            done("c0", 70, false),
            done("c1", 70.1, false),
            done("c2", 70.2, false)));
  }

  /** By hand, with 2.776 for the quantile 0.975 of Student's t of 4 degrees of freedom. */
  @Test
  void tablesHaveMeansDeviationsAndWhatTheSeedsCanTell() {
    SweepTables tables = new SweepTables(threeSeeds());

    assertThat(tables.results("rate").header())
        .containsExactly("rate", "n", "collapsed", "linear top-1 (%)");
    assertThat(tables.results("rate").rows())
        .containsExactly(
            List.of("a", "3", "0 of 3", "62.00 ± 2.00"),
            List.of("b", "3", "1 of 3", "67.00 ± 2.65"),
            List.of("c", "3", "0 of 3", "70.10 ± 0.10"));
    assertThat(tables.differences("rate").rows())
        .containsExactly(List.of("b", "(+5.00 ± 5.32)"), List.of("c", "+8.10 ± 3.21"));
    assertThat(tables.resolution("rate"))
        .isEqualTo(
            "The seeds can tell from chance, at 95 %, differences beyond: linear top-1 (%) 3.21 to"
                + " 5.32.");
    assertThat(tables.reference("rate")).isEqualTo("rate = a");
  }

  @Test
  void theIntervalIsStudents() {
    double halfWidth = 2.776445 * Math.sqrt(5.5 * 2 / 3);
    Difference difference =
        Difference.of(new double[] {65, 66, 70}, new double[] {60, 62, 64}).orElseThrow();
    assertThat(difference.halfWidth().orElseThrow()).isCloseTo(halfWidth, within(1e-4));
    assertThat(Difference.of(new double[] {3}, new double[] {1}).orElseThrow().halfWidth())
        .isEmpty();
    // One run against three: their deviation, 2 degrees of freedom, 4.303 by the tables.
    Difference one = Difference.of(new double[] {70}, new double[] {60, 62, 64}).orElseThrow();
    assertThat(one.halfWidth().orElseThrow())
        .isCloseTo(4.302653 * 2 * Math.sqrt(1 + 1.0 / 3), within(1e-4));
    assertThat(Difference.of(new double[0], new double[] {1})).isEmpty();
  }

  /** What differs in two things says nothing about either. */
  @Test
  void aDifferenceIsBetweenGroupsThatAreOtherwiseAlike() {
    List<Group> groups = new ArrayList<>();
    double[] figures = {50, 53, 60, 69};
    int i = 0;
    for (String batch : List.of("64", "128")) {
      for (String kind : List.of("mlp", "none")) {
        Map<String, String> labels = Map.of("kind", kind, "batch", batch);
        groups.add(group(labels, i == 0, done("p" + i, figures[i], false)));
        i++;
      }
    }
    Map<String, List<String>> axes =
        Map.of("kind", List.of("mlp", "none"), "batch", List.of("64", "128"));
    SweepTables tables = new SweepTables(study(axes, groups.toArray(Group[]::new)));
    assertThat(tables.differences("kind").header())
        .containsExactly("batch", "kind", "Δ linear top-1 (%)");
    assertThat(tables.differences("kind").rows())
        .containsExactly(List.of("64", "none", "(+3.00)"), List.of("128", "none", "(+9.00)"));
    assertThat(tables.differences("batch").rows())
        .containsExactly(List.of("mlp", "128", "(+10.00)"), List.of("none", "128", "(+16.00)"));
    assertThat(tables.resolution("batch")).startsWith("One seed each: ");
  }

  @Test
  void axesThatGoTogetherAreComparedWithTheBaseline() {
    SweepTables tables =
        new SweepTables(
            study(
                Map.of("x", List.of("1", "2"), "y", List.of("3", "4")),
                group(Map.of("x", "1", "y", "3"), true, done("p", 10, false)),
                group(Map.of("x", "2", "y", "4"), false, done("q", 12, false))));
    assertThat(tables.differences("x").rows()).containsExactly(List.of("4", "2", "(+2.00)"));
  }

  @Test
  void failedAndMissingPointsAreCountedAndNamed() throws IOException {
    Point failed = point("a1", State.FAILED, "Cannot read | <it>", List.of());
    Point missing = point("a2", State.MISSING, "", List.of());
    SweepStudy study =
        study(
            Map.of("rate", List.of("a", "b")),
            group(Map.of("rate", "a"), true, done("a0", 60, true), failed, missing),
            group(Map.of("rate", "b"), false, point("b0", State.MISSING, "", List.of())));

    SweepReport.write(study, folder);

    assertThat(new SweepTables(study).results("rate").rows())
        .containsExactly(
            List.of("a", "1", "1 of 1", "1", "1", "60.00"),
            List.of("b", "0", "0 of 0", "0", "1", ""));
    String page = Files.readString(folder.resolve("report.html"));
    assertThat(page)
        .contains("1 of 4 points done", "1 of them collapsed", "1 failed", "2 missing", "Which?")
        .contains("<td>a1</td><td>failed</td><td>Cannot read | &lt;it&gt;</td>");
    assertThat(Files.readString(folder.resolve("results.md")))
        .contains("| a1 | failed | Cannot read \\| &lt;it> |");
    assertThat(Files.readAllLines(folder.resolve("points.csv")))
        .containsExactly(
            "id,point,state,linear_top1,collapsed,note",
            "id a0,a0,collapsed,60.0,true,",
            "id a1,a1,failed,,,Cannot read | <it>",
            "id a2,a2,missing,,,",
            "id b0,b0,missing,,,");
  }

  @Test
  void nothingOfAnUnbegunSweepIsAPageToo() throws IOException {
    SweepReport.write(
        study(
            Map.of("rate", List.of("1", "2")),
            group(Map.of("rate", "1"), true, point("p", State.MISSING, "", List.of())),
            group(Map.of("rate", "2"), false, point("q", State.MISSING, "", List.of()))),
        folder);
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("0 of 2 points done")
        .doesNotContain("Differences", "One seed", "Δ");
  }

  @Test
  void figuresHaveABandOverSeedsAndKeepWithinTheirEdges() throws Exception {
    Group with = group(Map.of("stop", "true"), true, run("w", 1, false), run("v", 2, false));
    Group without = group(Map.of("stop", "false"), false, run("u", 1, true), run("t", 2, true));
    SweepReport.write(study(Map.of("stop", List.of("true", "false")), with, without), folder);

    byte[] png = Files.readAllBytes(folder.resolve("plots/comparison.png"));
    Pngs.assertDrawnWithinItsEdges(png);
    BufferedImage image = Pngs.decode(png);
    assertThat(Pngs.count(image, Palette.line(0))).isGreaterThan(2000);
    assertThat(Pngs.count(image, Palette.line(1))).isGreaterThan(2000);
    String text = svg("comparison").getDocumentElement().getTextContent();
    assertThat(text).contains("stop = true", "stop = false", "bands: over seeds");
  }

  @Test
  void accuracyAgainstANumberHasAxisLabelsAtItsDoublings() throws Exception {
    List<String> values = List.of("32", "64", "128", "256", "512");
    List<Group> groups = new ArrayList<>();
    for (String value : values) {
      double top1 = 60 + Math.log(Double.parseDouble(value));
      Map<String, String> paper = Map.of("linear_top1", "66." + value.length());
      Point[] points = {done(value, top1, false), done(value + "b", top1 + 1, false)};
      groups.add(new Group(Map.of("batch", value), false, List.of(points), paper, "a note"));
    }
    SweepReport.write(study(Map.of("batch", values), groups.toArray(Group[]::new)), folder);

    Pngs.assertDrawnWithinItsEdges(Files.readAllBytes(folder.resolve("plots/linear_top1-1.png")));
    BufferedImage image =
        Pngs.decode(Files.readAllBytes(folder.resolve("plots/linear_top1-1.png")));
    assertThat(verticalLines(image)).isEqualTo(5);
    assertThat(svg("linear_top1-1").getElementsByTagName("*").getLength()).isGreaterThan(50);
    assertThat(Files.readString(folder.resolve("table-1.tex")))
        .contains(
            "{batch} & {n} & {collapsed} & {linear top{-}1 (\\%)} & {paper: linear top{-}1 (\\%)}")
        .contains("{32} & {2} & {0 of 2} & {63.97 $\\pm$ 0.71} & {66.2} & {a note} \\\\");
  }

  @Test
  void hostileNamesBreakNoFormat() throws Exception {
    Point run =
        point(
            HOSTILE,
            State.DONE,
            "",
            SampleRun.healthy("x", SampleRun.CLASSES, 3, folder).stages().stream()
                .map(RunReport.Output::report)
                .toList());
    Group group =
        new Group(Map.of(HOSTILE, HOSTILE), true, List.of(run), Map.of(HOSTILE, "1"), "=cmd()");
    Group other = group(Map.of(HOSTILE, "=1+1"), false, run);
    SweepStudy study =
        new SweepStudy(
            HOSTILE,
            HOSTILE,
            Map.of(HOSTILE, List.of(HOSTILE, "=1+1")),
            List.of("linear_top1", HOSTILE),
            HOSTILE,
            List.of(run),
            List.of(group, other),
            Map.of(HOSTILE, HOSTILE));

    SweepReport.write(study, folder);

    assertThat(Files.readString(folder.resolve("report.html"))).doesNotContain("<script>");
    assertThat(Files.readString(folder.resolve("results.md"))).doesNotContain("<script>");
    assertThat(Files.readString(folder.resolve("results.csv"))).contains("\n'=1+1,", ",'=cmd()\n");
    assertThat(svg("comparison").getDocumentElement().getTextContent()).contains("<script>x");
    assertThat(Files.readString(folder.resolve("table-1.tex")))
        .contains("\\textless{}script\\textgreater{}x", "a\\textbar{}b\\_c", "\\textquotedbl{}q");
  }

  private Point run(String name, int seed, boolean collapsing) throws IOException {
    int epochs = 10;
    RunReport report =
        collapsing
            ? SampleRun.collapsing(name, epochs + seed, folder)
            : SampleRun.healthy(name, SampleRun.CLASSES, epochs + seed, folder);
    return new Point(name, name, State.DONE, "", report);
  }

  /** How many ticks the x axis has, by the lines of the grid. */
  private static int verticalLines(BufferedImage image) {
    int lines = 0;
    boolean before = false;
    for (int x = 0; x < image.getWidth(); x++) {
      int found = 0;
      for (int y = 0; y < image.getHeight(); y++) {
        int red = image.getRGB(x, y) >> 16 & 0xFF;
        found += red >= Palette.GRID.getRed() && red < 0xFF ? 1 : 0; // its edges are paler
      }
      boolean line = found > image.getHeight() / 3;
      lines += line && !before ? 1 : 0;
      before = line;
    }
    return lines;
  }

  private Document svg(String name) throws Exception {
    String text = Files.readString(folder.resolve("plots").resolve(name + ".svg"));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
