package simsiam.pipelines.result;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the stages of a run tell, as one.
 *
 * @param name of the run, or what it is in a few words
 * @param stages in the order in which they ran
 * @param config the configuration, YAML
 * @param command the command that makes the run again
 */
public record RunReport(String name, List<Output> stages, String config, String command) {
  public RunReport {
    stages = List.copyOf(stages);
  }

  /**
   * One stage's part.
   *
   * @param folder where its pictures are
   */
  public record Output(Path folder, StageReport report) {}

  /** A picture with its place on disk. */
  public record Located(Path path, PictureFile picture) {}

  /** Evaluation first, then training, then data. */
  private <T> Stream<T> all(Function<StageReport, List<T>> what) {
    return reports()
        .sorted(Comparator.comparing(StageReport::group))
        .flatMap(stage -> what.apply(stage).stream());
  }

  private Stream<StageReport> reports() {
    return stages.stream().map(Output::report);
  }

  public List<Measure> measures() {
    return all(StageReport::measures).toList();
  }

  public Optional<Measure> measure(String key) {
    return all(StageReport::measures).filter(measure -> measure.key().equals(key)).findFirst();
  }

  public List<Fact> facts() {
    return reports().flatMap(stage -> stage.facts().stream()).toList();
  }

  public List<ResultTable> tables() {
    return ResultTable.joined(all(StageReport::tables).toList());
  }

  /** In the order of the stages, those of one name merged. */
  public List<Curve> curves() {
    return Curve.merged(reports().flatMap(stage -> stage.curves().stream()).toList());
  }

  /** The merged curve of that name. */
  public Optional<Curve> curve(String name) {
    return curves().stream().filter(curve -> curve.name().equals(name)).findFirst();
  }

  public List<CountMatrix> matrices() {
    return all(StageReport::matrices).toList();
  }

  public List<Located> pictures() {
    return stages.stream()
        .flatMap(
            stage ->
                stage.report().pictures().stream()
                    .map(picture -> new Located(stage.folder().resolve(picture.file()), picture)))
        .toList();
  }
}
