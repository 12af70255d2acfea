package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import simsiam.eval.EvalJson;

/**
 * What an evaluator found of both encoders, as it is kept on disk.
 *
 * @param random the same network untrained, the baseline
 */
public record Evaluated<T extends Record>(T trained, T random) {
  private static final String TRAINED = "evaluation.json";
  private static final String RANDOM = "random-encoder-evaluation.json";

  /** Names of the same files in outputs of earlier releases. */
  private static final String EARLIER_TRAINED = "report.json";

  private static final String EARLIER_RANDOM = "random-encoder-report.json";

  void write(Path folder) throws IOException {
    EvalJson.write(trained, folder.resolve(TRAINED));
    EvalJson.write(random, folder.resolve(RANDOM));
  }

  /** Empty if the stage had nothing to evaluate. */
  public static <T extends Record> Optional<Evaluated<T>> read(Path folder, Class<T> type)
      throws IOException {
    boolean earlier = !Files.exists(folder.resolve(TRAINED));
    Path trained = folder.resolve(earlier ? EARLIER_TRAINED : TRAINED);
    Path random = folder.resolve(earlier ? EARLIER_RANDOM : RANDOM);
    return Files.exists(random)
        ? Optional.of(new Evaluated<>(EvalJson.read(trained, type), EvalJson.read(random, type)))
        : Optional.empty();
  }
}
