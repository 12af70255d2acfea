package simsiam.pipelines.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plot of lines, as data. Curves of one name from several stages are one plot; over several runs,
 * the main lines of one name are drawn together.
 *
 * @param name of its file, without ending
 * @param xLabel what x counts: {@code epoch}
 * @param headline whether runs are compared by it
 * @param logarithmicX whether x is on a logarithmic scale, all above 0
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Curve(
    String name,
    String title,
    String xLabel,
    String yLabel,
    Scale scale,
    boolean headline,
    boolean logarithmicX,
    List<Line> lines,
    List<Level> levels) {
  public Curve {
    lines = List.copyOf(lines);
    levels = List.copyOf(levels);
  }

  /** A curve without lines. */
  public Curve(String name, String title, String xLabel, String yLabel) {
    this(name, title, xLabel, yLabel, Scale.LINEAR, false, false, List.of(), List.of());
  }

  /** The y axis. */
  public enum Scale {
    LINEAR,
    /** Linear, from 0 up. */
    FROM_ZERO,
    LOGARITHMIC
  }

  /** What a line or level means. */
  public enum Role {
    /** What the plot is about: the one line that stands for its run beside other runs. */
    MAIN,
    /** A second thing, such as the predictor's rate beside the encoder's. */
    SECOND,
    /** The untrained encoder. */
    BASELINE,
    /** The second thing of the untrained encoder. */
    SECOND_BASELINE,
    /** Single steps behind their means. */
    BACKGROUND,
    /** As it should be. */
    GOOD,
    /** Where trouble begins. */
    LIMIT
  }

  /**
   * Points joined by a line.
   *
   * @param x as many as {@code y}, rising
   * @param spread standard deviations, one for each point; empty: not shown, and of earlier
   *     releases, which had none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Line(String label, Role role, List<Double> x, List<Double> y, List<Double> spread) {
    public Line {
      x = List.copyOf(x);
      y = List.copyOf(y);
      spread = spread == null ? List.of() : List.copyOf(spread);
      if (!spread.isEmpty() && spread.size() != y.size()) {
        throw new IllegalArgumentException(
            "Cannot make line %s: expected as many deviations as points, or none, got %s for %s"
                .formatted(label, spread.size(), y.size()));
      }
      if (x.size() != y.size() || x.isEmpty()) {
        throw new IllegalArgumentException(
            "Cannot make line %s: expected as many x as y, at least one, got %s and %s"
                .formatted(label, x.size(), y.size()));
      }
    }
  }

  /** A horizontal line over the whole width. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Level(String label, Role role, double y) {}

  public Curve line(String label, Role role, List<Double> x, List<Double> y) {
    return line(label, role, x, y, List.of());
  }

  /** A line with a bar up and down of each point. */
  public Curve line(String label, Role role, List<Double> x, List<Double> y, List<Double> spread) {
    List<Line> all = new ArrayList<>(lines);
    all.add(new Line(label, role, x, y, spread));
    return new Curve(name, title, xLabel, yLabel, scale, headline, logarithmicX, all, levels);
  }

  public Curve level(String label, Role role, double y) {
    List<Level> all = new ArrayList<>(levels);
    all.add(new Level(label, role, y));
    return new Curve(name, title, xLabel, yLabel, scale, headline, logarithmicX, lines, all);
  }

  public Curve scaled(Scale to) {
    return new Curve(name, title, xLabel, yLabel, to, headline, logarithmicX, lines, levels);
  }

  /** The same with x on a logarithmic scale. */
  public Curve withLogarithmicX() {
    return new Curve(name, title, xLabel, yLabel, scale, headline, true, lines, levels);
  }

  /** The same as one that runs are compared by. */
  public Curve asHeadline() {
    return new Curve(name, title, xLabel, yLabel, scale, true, logarithmicX, lines, levels);
  }

  /** Curves in the order they come, those of one name made one, without those that have no line. */
  static List<Curve> merged(List<Curve> curves) {
    Map<String, Curve> byName = new LinkedHashMap<>();
    curves.forEach(curve -> byName.merge(curve.name(), curve, Curve::and));
    return byName.values().stream().filter(curve -> !curve.lines().isEmpty()).toList();
  }

  private Curve and(Curve other) {
    List<Line> allLines = new ArrayList<>(lines);
    allLines.addAll(other.lines);
    List<Level> allLevels = new ArrayList<>(levels);
    allLevels.addAll(other.levels);
    return new Curve(
        name,
        title,
        xLabel,
        yLabel,
        scale,
        headline || other.headline,
        logarithmicX,
        allLines,
        allLevels);
  }
}
