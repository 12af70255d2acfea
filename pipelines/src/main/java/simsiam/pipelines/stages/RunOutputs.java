package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.eval.EvalJson;
import simsiam.eval.knn.KnnResult;
import simsiam.eval.linear.LinearResult;
import simsiam.model.data.Manifest;
import simsiam.model.net.Similarity;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.StepLog;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.report.Evaluations;
import simsiam.pipelines.report.Fact;
import simsiam.pipelines.report.Training;
import simsiam.pipelines.shard.LabelConflicts;

/**
 * What the stages of one run left on disk, as a report reads it.
 *
 * @param knn empty if the stage has no output
 * @param linear empty if the stage has no output
 */
public record RunOutputs(Path shard, Path pretrain, Optional<Path> knn, Optional<Path> linear) {

  Manifest manifest() {
    return Manifest.read(shard);
  }

  /** The course of training, from the last checkpoint and the table of steps. */
  public Training training() {
    TrainingState state = state();
    return new Training(
        state.history(),
        StepLog.read(pretrain.resolve(PretrainStage.STEPS)),
        state.network().projector().dim(),
        state.network().objective().similarity() == Similarity.COSINE
            ? "negative cosine similarity"
            : "cross-entropy of softmax outputs");
  }

  public Evaluations evaluations() throws IOException {
    return new Evaluations(
        read(knn, KnnStage.REPORT, KnnResult.class),
        read(knn, KnnStage.RANDOM_REPORT, KnnResult.class),
        read(linear, LinearStage.REPORT, LinearResult.class),
        read(linear, LinearStage.RANDOM_REPORT, LinearResult.class));
  }

  /** Lines for the head of a report. */
  public List<Fact> facts() throws IOException {
    TrainingState state = state();
    Manifest manifest = manifest();
    String network =
        "%s, %s stem, width %s, projector %s x %s, predictor %s"
            .formatted(
                lower(state.network().encoder().arch()),
                lower(state.network().encoder().stem()),
                state.network().encoder().width(),
                state.network().projector().layers(),
                state.network().projector().dim(),
                lower(state.network().predictor().kind()));
    LabelConflicts conflicts = LabelConflicts.of(shard, manifest);
    String wrong = conflicts.images() == 0 ? "" : "; " + conflicts;
    return List.of(
        new Fact("images", images(manifest) + wrong),
        new Fact("data digest", manifest.sourceFingerprint().substring(0, 16)),
        new Fact("network", network),
        new Fact(
            "training",
            "%s epochs of batch %s, base rate %s"
                .formatted(
                    state.train().epochs(), state.train().batchSize(), state.train().baseLr())),
        new Fact("engine", state.engine()),
        new Fact("seed", String.valueOf(state.seed())));
  }

  private static String images(Manifest manifest) {
    StringBuilder counts = new StringBuilder();
    manifest
        .splits()
        .forEach(
            (name, split) ->
                counts
                    .append(counts.isEmpty() ? "" : ", ")
                    .append(String.format(Locale.ROOT, "%s %,d", name, split.rows())));
    return counts.toString();
  }

  private TrainingState state() {
    return PretrainStage.lastCheckpoint(pretrain).state();
  }

  Checkpoint checkpoint() {
    return PretrainStage.lastCheckpoint(pretrain);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static <T extends Record> Optional<T> read(
      Optional<Path> folder, String file, Class<T> type) throws IOException {
    Path path = folder.map(f -> f.resolve(file)).orElse(null);
    return path == null || !Files.exists(path)
        ? Optional.empty()
        : Optional.of(EvalJson.read(path, type));
  }
}
