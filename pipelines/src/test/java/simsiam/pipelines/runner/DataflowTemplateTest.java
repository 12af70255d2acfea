package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** Both pipelines as jobs of Dataflow, as far as that goes without Google. */
@Tag("dataflow")
class DataflowTemplateTest {
  @TempDir private Path folder;

  @Test
  void bothPipelinesBecomeTemplatesWhoseJobIsStaged() throws IOException {
    Study study = new Study(folder.resolve("images"), 900);
    study.run(folder.resolve("direct"), RunnerOptions.direct());
    Path output = Files.createDirectory(folder.resolve("output"));
    try (FakeGoogleStorage storage = new FakeGoogleStorage()) {
      Path preprocess = folder.resolve("preprocess.json");
      Path shard = folder.resolve("shard.json");

      assertThatThrownBy(() -> study.preprocess(output, options(storage, preprocess)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Cannot finish pipeline: expected a run, got a template alone");
      assertThatThrownBy(
              () -> study.shard(folder.resolve("direct/examples"), output, options(storage, shard)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Cannot finish pipeline: expected a run, got a template alone");

      assertThat(steps(preprocess)).contains("Prepare", "Wait", "Summarise");
      assertThat(steps(shard)).contains("SortRuns", "WriteShards", "WriteManifest");
      assertThat(storage.uploads())
          .anyMatch(name -> name.startsWith("temp/staging/classes-"))
          .anyMatch(name -> name.startsWith("temp/staging/pipeline-"));
    }
  }

  private RunnerOptions options(FakeGoogleStorage storage, Path template) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    Files.writeString(classes.resolve("a class"), "of the job");
    return new RunnerOptions(
        Runner.DATAFLOW,
        List.of(
            "--project=my-project",
            "--region=europe-west1",
            "--gcpTempLocation=gs://bucket/temp",
            "--templateLocation=" + template,
            "--filesToStage=" + classes,
            "--gcsEndpoint=" + storage.endpoint(),
            "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory"));
  }

  private static List<String> steps(Path template) throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode step : CanonicalJson.parse(Files.readString(template)).get("steps")) {
      names.add(step.get("properties").get("user_name").get("value").asText());
    }
    return names;
  }
}
