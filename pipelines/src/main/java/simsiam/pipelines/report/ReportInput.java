package simsiam.pipelines.report;

import java.util.List;
import java.util.Optional;
import simsiam.eval.embed.Embedding;

/**
 * Everything a report shows of one run. Any text may be hostile: it is escaped where it is written.
 *
 * @param name of the run
 * @param facts lines of the report's head: data set, engine, machine, seed
 * @param views images with their augmented views; may be empty
 * @param neighbours test images with their nearest train images; may be empty
 * @param config the effective configuration, YAML
 * @param command the command that reproduces the run
 */
public record ReportInput(
    String name,
    List<Fact> facts,
    List<String> classNames,
    Training training,
    Evaluations evaluations,
    Optional<Embedding> embedding,
    List<ViewSample> views,
    List<NeighbourSample> neighbours,
    String config,
    String command) {
  public ReportInput {
    facts = List.copyOf(facts);
    classNames = List.copyOf(classNames);
    views = List.copyOf(views);
    neighbours = List.copyOf(neighbours);
  }
}
