package simsiam.pipelines.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.math3.stat.StatUtils;
import simsiam.model.config.Reason;
import simsiam.pipelines.report.SweepStudy.Group;
import simsiam.pipelines.report.SweepStudy.Point;
import simsiam.pipelines.report.SweepStudy.State;
import simsiam.pipelines.report.plot.ComparisonPlot;
import simsiam.pipelines.report.plot.Fonts;
import simsiam.pipelines.report.plot.LinePlot;
import simsiam.pipelines.report.plot.Palette;
import simsiam.pipelines.report.plot.Picture;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.result.Unit;

/**
 * The report of a sweep: {@code report.html}, a page that needs no other file; {@code results.md},
 * its tables, and {@code table-1.tex}, ... for each axis; {@code results.csv} and {@code
 * points.csv} with every figure; its pictures under {@code plots/}, each as PNG and as SVG. A pure
 * function of the {@link SweepStudy}.
 */
public final class SweepReport {
  /** Name of the page in its folder. */
  public static final String PAGE = "report.html";

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private final SweepStudy study;
  private final SweepTables tables;

  private SweepReport(SweepStudy study) {
    this.study = study;
    this.tables = new SweepTables(study);
  }

  /** Writes the report into an existing folder. */
  public static void write(SweepStudy study, Path folder) {
    Fonts.require();
    try {
      new SweepReport(study).write(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the sweep's report: " + Reason.of(e), e);
    }
  }

  private void write(Path folder) throws IOException {
    List<Picture> curves = curves();
    Map<String, List<Picture>> values = new LinkedHashMap<>();
    List<String> axes = axes();
    for (int i = 0; i < axes.size(); i++) {
      values.put(axes.get(i), against(axes.get(i), i + 1));
    }
    Files.writeString(folder.resolve(PAGE), page(curves, values).html());
    writePlots(curves, folder);
    for (List<Picture> pictures : values.values()) {
      writePlots(pictures, folder);
    }
    Files.writeString(folder.resolve("results.md"), markdown());
    for (int i = 0; i < axes.size(); i++) {
      Files.writeString(
          folder.resolve("table-" + (i + 1) + ".tex"),
          "% \\usepackage{booktabs}\n" + tables.results(axes.get(i)).toLatex());
    }
    Files.writeString(folder.resolve("results.csv"), tables.raw().toCsv());
    Files.writeString(folder.resolve("points.csv"), tables.points().toCsv());
  }

  private static void writePlots(List<Picture> pictures, Path folder) throws IOException {
    Report.writePlots(pictures, folder);
    for (Picture picture : pictures) {
      Files.write(
          folder.resolve("plots").resolve(picture.name() + ".svg"), picture.svg().orElseThrow());
    }
  }

  /**
   * Those that have a table: the ones that vary, or the first of a sweep that varies in nothing.
   */
  private List<String> axes() {
    return study.varied().isEmpty() && !study.axes().isEmpty()
        ? List.of(study.axes().keySet().iterator().next())
        : study.varied();
  }

  private Page page(List<Picture> curves, Map<String, List<Picture>> values) {
    Page page = new Page("Sweep " + study.name()).heading(badges());
    if (!study.question().isEmpty()) {
      page.text(study.question());
    }
    page.figures(curves);
    values.forEach(
        (axis, pictures) -> {
          page.section(axis).table(tables.results(axis));
          notes(axis).forEach(page::text);
          if (!tables.differences(axis).rows().isEmpty()) {
            page.table(tables.differences(axis));
            page.text(tables.resolution(axis));
          }
          page.figures(pictures);
        });
    if (!tables.unfinished().rows().isEmpty()) {
      page.section("Failed and missing").table(tables.unfinished());
    }
    if (!study.leftOut().isEmpty()) {
      page.section("Left out").table(tables.leftOut());
    }
    return page;
  }

  private Map<String, Boolean> badges() {
    Map<String, Boolean> badges = new LinkedHashMap<>();
    badges.put(study.count(State.DONE) + " of " + study.points().size() + " points done", true);
    long collapsed = study.points().stream().filter(p -> p.done() && p.collapsed()).count();
    if (collapsed > 0) {
      badges.put(collapsed + " of them collapsed", false);
    }
    if (study.count(State.FAILED) > 0) {
      badges.put(study.count(State.FAILED) + " failed", false);
    }
    if (study.count(State.MISSING) > 0) {
      badges.put(study.count(State.MISSING) + " missing", false);
    }
    return badges;
  }

  /** How the tables of an axis are to be read. */
  private List<String> notes(String axis) {
    List<String> notes = new ArrayList<>();
    if (!study.setting().isEmpty()) {
      notes.add("Paper: " + study.setting() + ".");
    }
    notes.add(
        "n: runs that ended, one a seed; ±: standard deviation over them. A collapsed run is a"
            + " result like another.");
    if (!tables.differences(axis).rows().isEmpty()) {
      notes.add(
          "Differences to "
              + tables.reference(axis)
              + ", the rest alike; ±: half of the 95 % interval (Student's t). In parentheses:"
              + " what chance alone may have done.");
    }
    return notes;
  }

  private String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# Sweep ").append(Table.markdown(study.name())).append("\n\n");
    text.append(Table.markdown(String.join(", ", badges().keySet()))).append("\n\n");
    if (!study.question().isEmpty()) {
      text.append(Table.markdown(study.question())).append("\n\n");
    }
    for (String axis : axes()) {
      text.append("## ").append(Table.markdown(axis)).append("\n\n");
      text.append(tables.results(axis).toMarkdown()).append('\n');
      notes(axis).forEach(note -> text.append(Table.markdown(note)).append("\n\n"));
      Table differences = tables.differences(axis);
      if (!differences.rows().isEmpty()) {
        text.append(differences.toMarkdown()).append('\n');
        text.append(Table.markdown(tables.resolution(axis))).append("\n\n");
      }
    }
    if (!tables.unfinished().rows().isEmpty()) {
      text.append("## Failed and missing\n\n").append(tables.unfinished().toMarkdown());
    }
    return text.toString();
  }

  /** Loss, output deviation and accuracy over the epochs, and the like, a line a group. */
  private List<Picture> curves() {
    List<ComparisonPlot.Entry> entries =
        study.groups().stream()
            .map(
                group ->
                    new ComparisonPlot.Entry(
                        group.text(study.axes()),
                        group.done().stream().map(Point::report).map(RunReport::curves).toList()))
            .filter(entry -> !entry.runs().isEmpty())
            .toList();
    return ComparisonPlot.draw("A line a place of the sweep", entries);
  }

  /** Each accuracy against the values of an axis, if those are numbers. */
  private List<Picture> against(String axis, int number) {
    List<String> labels = study.axes().get(axis);
    if (labels.size() < 2 || !labels.stream().allMatch(NUMBER.asMatchPredicate())) {
      return List.of();
    }
    return study.measures().stream()
        .filter(key -> study.example(key).filter(m -> m.unit() == Unit.PERCENT).isPresent())
        .map(key -> against(axis, key, key.replaceAll("[^\\w.-]", "_") + "-" + number))
        .toList();
  }

  private Picture against(String axis, String key, String name) {
    String label = study.example(key).map(Measure::label).orElse(key);
    LinePlot plot = new LinePlot(label + " against " + axis, axis, label + " (%)");
    plot.xValues(
        study.axes().get(axis).stream().mapToDouble(Double::parseDouble).sorted().toArray());
    List<List<Group>> lines = study.along(axis);
    for (int i = 0; i < lines.size(); i++) {
      List<Group> line =
          lines.get(i).stream()
              .filter(group -> group.values(key).length > 0)
              .sorted(Comparator.comparingDouble(group -> at(axis, group)))
              .toList();
      if (!line.isEmpty()) {
        double[] y = line.stream().mapToDouble(g -> StatUtils.mean(g.values(key))).toArray();
        double[] bars =
            line.stream().mapToDouble(g -> Math.sqrt(StatUtils.variance(g.values(key)))).toArray();
        plot.points(
            rest(axis, line.get(0)), Palette.line(i), Palette.SOLID, at(axis, line), y, bars);
      }
    }
    List<Group> published =
        lines.get(0).stream()
            .filter(group -> NUMBER.matcher(group.paper().getOrDefault(key, "")).matches())
            .sorted(Comparator.comparingDouble(group -> at(axis, group)))
            .toList();
    if (!published.isEmpty()) {
      double[] y =
          published.stream().mapToDouble(g -> Double.parseDouble(g.paper().get(key))).toArray();
      String setting = String.format(Locale.ROOT, "paper: %s", study.setting());
      double[] none = new double[y.length];
      plot.points(setting, Palette.GREY, Palette.DASHED, at(axis, published), y, none);
    }
    return plot.picture(name);
  }

  private static double[] at(String axis, List<Group> groups) {
    return groups.stream().mapToDouble(group -> at(axis, group)).toArray();
  }

  private static double at(String axis, Group group) {
    return Double.parseDouble(group.labels().get(axis));
  }

  /** A group's place on the other axes that vary. */
  private String rest(String axis, Group group) {
    Map<String, List<String>> others = new LinkedHashMap<>(study.axes());
    others.remove(axis);
    String text = group.text(others);
    return text.equals("base") ? "this sweep" : text;
  }
}
