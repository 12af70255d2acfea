package simsiam.model.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import simsiam.model.data.ChannelStatistics;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.table.PageCodec;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;

/** Writes a train split of random images, for tests. */
public final class ShardedSet {
  private ShardedSet() {}

  /** Raw images in shards of equal size. */
  public static Manifest write(Path folder, int shards, int rowsOfShard, int side, int groupBytes) {
    return write(folder, shards, rowsOfShard, side, groupBytes, ImageEncoding.RAW);
  }

  static Manifest write(
      Path folder, int shards, int rowsOfShard, int side, int groupBytes, ImageEncoding encoding) {
    UnaryOperator<byte[]> stored =
        encoding == ImageEncoding.RAW
            ? pixels -> pixels
            : pixels -> ImageEncoder.png(new RgbImage(side, side, pixels));
    Random random = new Random(5);
    List<WrittenFile> files = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      Path file =
          folder.resolve(String.format(Locale.ROOT, "train-%05d-of-%05d.parquet", shard, shards));
      ShardFooter footer =
          new ShardFooter(encoding, "train", List.of(), shard, shards, "salt", "f00d");
      try (ShardWriter writer =
          new ShardWriter(file, footer, new WriteSettings(groupBytes, PageCodec.NONE))) {
        for (int row = 0; row < rowsOfShard; row++) {
          byte[] pixels = new byte[3 * side * side];
          random.nextBytes(pixels);
          String id = "image#" + (shard * rowsOfShard + row);
          writer.write(new ImageExample(id, row % 10, side, side, stored.apply(pixels)));
        }
        files.add(writer.commit());
      }
    }
    long rows = (long) shards * rowsOfShard;
    return new Manifest(
        Manifest.SCHEMA_VERSION,
        "f00d",
        "5eed",
        encoding,
        List.of(),
        Map.of("train", new Manifest.Split(rows, 1, List.of(), rows, files)),
        ChannelStatistics.of(ChannelSums.ZERO),
        Map.of(),
        new Manifest.Duplicates(0, 0, 0, List.of()),
        CanonicalJson.tree(Map.of()));
  }

  /** The split left in its shards, shuffled in windows of that many bytes. */
  public static ImageSet streamed(Path folder, Manifest manifest, long windowBytes) {
    return ImageSets.open(folder, manifest, "train", 0, windowBytes);
  }

  /** The same in memory. */
  public static ImageSet inMemory(Path folder, Manifest manifest, long windowBytes) {
    return ImageSets.open(folder, manifest, "train", Long.MAX_VALUE, windowBytes);
  }
}
