package simsiam.pipelines.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.model.file.CanonicalJson;

/**
 * Everything that one stage has to tell: {@code report.json} in its folder. Derived from the
 * stage's output, so it is no part of the output's digest and can be made again.
 *
 * @param headline a few words for the stage's line on the console: {@code top-1 67.5 %}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StageReport(
    @JsonProperty(required = true) String headline,
    @JsonProperty(required = true) Group group,
    List<Fact> facts,
    @JsonProperty(required = true) List<Measure> measures,
    List<ResultTable> tables,
    List<Curve> curves,
    List<CountMatrix> matrices,
    List<PictureFile> pictures) {
  public static final String FILE_NAME = "report.json";

  /** What the measures are of, in the order in which people want to read them. */
  public enum Group {
    /** How good the encoder is. */
    EVAL,
    /** How training ended. */
    FINAL,
    /** The images. */
    DATA
  }

  public StageReport {
    facts = List.copyOf(facts);
    measures = List.copyOf(measures);
    tables = List.copyOf(tables);
    curves = List.copyOf(curves);
    matrices = List.copyOf(matrices);
    pictures = List.copyOf(pictures);
  }

  /** A report with nothing but a headline. */
  public static StageReport of(Group group, String headline) {
    return new StageReport(
        headline, group, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  public StageReport facts(Fact... more) {
    List<Fact> all = with(facts, more);
    return new StageReport(headline, group, all, measures, tables, curves, matrices, pictures);
  }

  public StageReport measures(Measure... more) {
    List<Measure> all = with(measures, more);
    return new StageReport(headline, group, facts, all, tables, curves, matrices, pictures);
  }

  public StageReport tables(ResultTable... more) {
    List<ResultTable> all = with(tables, more);
    return new StageReport(headline, group, facts, measures, all, curves, matrices, pictures);
  }

  public StageReport curves(Curve... more) {
    List<Curve> all = with(curves, more);
    return new StageReport(headline, group, facts, measures, tables, all, matrices, pictures);
  }

  public StageReport matrices(CountMatrix... more) {
    List<CountMatrix> all = with(matrices, more);
    return new StageReport(headline, group, facts, measures, tables, curves, all, pictures);
  }

  public StageReport pictures(PictureFile... more) {
    List<PictureFile> all = with(pictures, more);
    return new StageReport(headline, group, facts, measures, tables, curves, matrices, all);
  }

  private static <T> List<T> with(List<T> some, T[] more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(Arrays.asList(more));
    return all;
  }

  /** The measures that a run is judged by: evaluation first, then training, then data. */
  public static List<Measure> headlines(List<StageReport> reports) {
    return reports.stream()
        .sorted(Comparator.comparing(StageReport::group))
        .flatMap(report -> report.measures().stream())
        .filter(Measure::headline)
        .toList();
  }

  /** The tracker's name of a measure: {@code eval/knn_top1}, {@code final/loss}. */
  public String metric(Measure measure) {
    String prefix = group.name().toLowerCase(Locale.ROOT);
    String key = measure.key();
    return prefix + "/" + (key.startsWith(prefix + "_") ? key.substring(prefix.length() + 1) : key);
  }

  /** Writes {@code report.json}. */
  public void write(Path folder) {
    CanonicalJson.write(folder.resolve(FILE_NAME), this);
  }

  /** Reads {@code report.json}; empty if there is none, or one of another form. */
  public static Optional<StageReport> read(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(CanonicalJson.read(file, StageReport.class));
    } catch (UncheckedIOException e) {
      return Optional.empty(); // of an evaluator before reports had one form, or damaged: made anew
    }
  }
}
