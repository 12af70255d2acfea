package simsiam.pipelines.shard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.LabelSpace;
import simsiam.model.data.prepared.PreparedExample;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.Sha256;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.source.listing.SourceSplit;

/** Writes a folder of prepared examples, as the preprocess pipeline does. */
final class PreparedSet {
  private final Path folder;
  private final List<PreparedSummary.Part> parts = new ArrayList<>();

  PreparedSet(Path folder) {
    this.folder = folder;
  }

  /** An image whose pixels are a function of the seed. */
  static ImageExample example(String id, int label, long seed) {
    byte[] pixels = new byte[4 * 3 * 3];
    new Random(seed).nextBytes(pixels);
    return new ImageExample(id, label, 4, 3, pixels);
  }

  PreparedSet part(SourceSplit split, List<ImageExample> examples) {
    String name = String.format(Locale.ROOT, "examples-%05d.parquet", parts.size());
    try (PreparedFile.Writer writer =
        new PreparedFile.Writer(folder.resolve(name), ImageEncoding.RAW)) {
      for (ImageExample example : examples) {
        writer.write(
            new PreparedExample(
                example, Sha256.digest().digest(example.image()), ChannelSums.of(example.image())));
      }
      WrittenFile file = writer.commit();
      parts.add(
          new PreparedSummary.Part(file.file(), split, file.rows(), file.bytes(), file.sha256()));
    }
    return this;
  }

  void commit(List<String> classNames) {
    commit(LabelSpace.of(classNames));
  }

  void commit(LabelSpace space) {
    CanonicalJson.write(
        folder.resolve(PreparedSummary.FILE_NAME),
        new PreparedSummary(
            "50u4ce",
            ImageEncoding.RAW,
            space.classNames(),
            Map.of("all", parts.stream().mapToLong(PreparedSummary.Part::rows).sum()),
            Map.of("empty", 2L),
            parts,
            space.sets()));
  }
}
