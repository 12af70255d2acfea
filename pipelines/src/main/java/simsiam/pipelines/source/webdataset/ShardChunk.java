package simsiam.pipelines.source.webdataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import simsiam.model.data.ImageExample;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.tables.ListClasses;

/**
 * The first samples of a shard, in general all of them.
 *
 * @param name of the shard in ids: {@code name/0001.jpg}
 * @param labelKey as in {@link ShardSamples}
 * @param classes file of class names, one a line; empty where there are no labels
 */
record ShardChunk(
    SourceSplit split, HeldFile file, String name, int size, String labelKey, String classes)
    implements SourceChunk {
  @Override
  public String origin() {
    return name;
  }

  @Override
  public boolean encoded() {
    return true;
  }

  @Override
  public void read(Receiver receiver) throws IOException {
    List<String> names = classes.isEmpty() ? List.of() : Files.readAllLines(Places.path(classes));
    file.read(path -> read(path, names, receiver));
  }

  private int read(Path path, List<String> names, Receiver receiver) throws IOException {
    ListClasses known = names.isEmpty() ? null : ListClasses.named(names, classes);
    int[] done = new int[1];
    new ShardSamples(path, labelKey)
        .forEach(
            true,
            sample -> {
              if (done[0]++ < size) {
                receiver.accept(image(sample, known));
              }
            });
    return size;
  }

  private SourceImage image(ShardSamples.Sample sample, ListClasses known) {
    String id = name + "/" + sample.name();
    String text = sample.label().orElse("");
    int label =
        known == null || known.unknown(text) ? ImageExample.UNKNOWN_LABEL : known.of(text, id);
    if (sample.problem().isPresent()) {
      ShardSamples.Problem problem = sample.problem().get();
      return new SourceImage.Unreadable(
          id, label, problem.reason(), "Cannot read image: %s (%s)".formatted(problem.text(), id));
    }
    return new SourceImage.Encoded(id, label, sample.image().orElseThrow());
  }
}
