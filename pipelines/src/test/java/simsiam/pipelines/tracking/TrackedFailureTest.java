package simsiam.pipelines.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.Located;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.model.train.TrainingFailedException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.stage.RunOutcome;

/** What is journalled of a stage that fails: the reason, in the words that the console has. */
class TrackedFailureTest {
  private static final String REASON = "Cannot go on training: expected a finite loss, got NaN";

  @TempDir private Path folder;

  private List<String> failures() throws IOException {
    List<String> failures = new ArrayList<>();
    for (RunFolder run : new Spool(folder.resolve("tracking")).runs()) {
      for (Located line : JournalReader.read(run.journal(), 0)) {
        if (line.line().entry() instanceof Entry.Tags tags
            && tags.values().containsKey("failure")) {
          failures.add(tags.values().get("failure"));
        }
      }
    }
    return failures;
  }

  @Test
  void namesNoClass() throws IOException {
    Path invocation = Files.createDirectories(folder.resolve("invocations").resolve("one"));
    Files.writeString(invocation.resolve("config.yaml"), "");
    LoadedConfig config =
        new ConfigLoader(Optional.empty())
            .load(Path.of("..", "conf", "base.yaml"), List.of("tracking.mode=offline"));
    try (MlflowTracking tracking =
        new MlflowTracking(config, folder, invocation, note -> {}, Optional.empty())) {
      tracking.planned(Map.of("pretrain", "0123456789abcdef0123456789abcdef"));
      tracking.begin("pretrain", "0123456789abcdef0123456789abcdef", false);
      tracking.end("pretrain", RunOutcome.FAILED, Optional.of(new TrainingFailedException(REASON)));
    }

    assertThat(failures()).containsExactly(REASON);
  }
}
