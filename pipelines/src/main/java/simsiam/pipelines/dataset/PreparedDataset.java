package simsiam.pipelines.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.model.data.Manifest;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.preprocess.Reject;
import simsiam.pipelines.preprocess.SkippedFiles;
import simsiam.pipelines.shard.LabelConflicts;

/**
 * A sharded data set and, where it is known, the output of the preprocessing that it was made from.
 *
 * @param shards folder with the manifest
 * @param examples folder with the rejects
 */
public record PreparedDataset(Path shards, Optional<Path> examples) {
  /**
   * Checks that there is a manifest.
   *
   * @throws IllegalArgumentException if there is none
   */
  public PreparedDataset {
    if (!Files.isRegularFile(shards.resolve(Manifest.FILE_NAME))) {
      throw new IllegalArgumentException(
          "Cannot find a data set: expected %s in %s, got none"
              .formatted(Manifest.FILE_NAME, shards));
    }
  }

  public Manifest manifest() {
    return Manifest.read(shards);
  }

  /** Images with the pixels of one of another class. */
  public LabelConflicts labelConflicts() throws IOException {
    return LabelConflicts.of(shards, manifest());
  }

  /** Files of the source that were not taken for images; none where they are not known. */
  public SkippedFiles skipped() throws IOException {
    return examples.isPresent() ? SkippedFiles.read(examples.get()) : new SkippedFiles(List.of());
  }

  /** The images that could not be used, in source order; none where they are not known. */
  public List<Reject> rejects() throws IOException {
    List<Reject> rejects = new ArrayList<>();
    if (examples.isPresent()) {
      Path file = examples.get().resolve(PreparedSummary.REJECTS_FILE_NAME);
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        rejects.add(CanonicalJson.parse(line, Reject.class));
      }
    }
    return rejects;
  }
}
