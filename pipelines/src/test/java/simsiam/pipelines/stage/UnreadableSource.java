package simsiam.pipelines.stage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;

/** A stage whose raw images are gone since it ran. */
record UnreadableSource(Stage before) implements Stage {
  @Override
  public String name() {
    return before.name();
  }

  @Override
  public int version() {
    return before.version();
  }

  @Override
  public List<String> upstream() {
    return before.upstream();
  }

  @Override
  public List<String> configKeys() {
    return before.configKeys();
  }

  @Override
  public Optional<String> sourceDigest(RunConfig config, PipelineContext context)
      throws IOException {
    throw new IOException("Cannot read the images");
  }

  @Override
  public StageReport run(StageContext context) throws Exception {
    return before.run(context);
  }
}
