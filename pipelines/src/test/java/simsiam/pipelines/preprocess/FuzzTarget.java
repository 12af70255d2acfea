package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardReader;
import simsiam.model.data.features.FeatureFile;
import simsiam.model.data.features.FeatureRow;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.model.file.FileTree;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.sets.ImageSources;

/**
 * A kind of file with sound examples, one of which is damaged and read as the product reads it.
 *
 * @param name of the kind
 * @param root folder of the sound files
 * @param files that are damaged, one at a time, relative to the root
 */
record FuzzTarget(String name, Path root, List<String> files, Reader reader) {
  /** Reads everything below a folder; returns the number of images or rows that came through. */
  @FunctionalInterface
  interface Reader {
    long read(Path root) throws IOException;
  }

  /** An image file through the preparation of the pipeline. */
  static FuzzTarget image(Path file) {
    String name = file.getFileName().toString();
    return new FuzzTarget(
        "image " + name.substring(name.lastIndexOf('.') + 1),
        file.getParent(),
        List.of(name),
        root -> prepared(new SourceImage.Encoded(name, 0, Files.readAllBytes(root.resolve(name)))));
  }

  /** A data set: checks, digest, listing and every image. */
  static FuzzTarget source(SourceKind kind, String path, Path root, List<String> files) {
    String form = path.isEmpty() ? "" : " " + path.substring(path.indexOf('.') + 1);
    return new FuzzTarget(
        kind.name().toLowerCase(Locale.ROOT) + form,
        root,
        files,
        place -> source(DatasetSpec.of(kind, place.resolve(path).toString(), false, 0), place));
  }

  static FuzzTarget shard(Path file) {
    return single("shard", file, FuzzTarget::shardRows);
  }

  static FuzzTarget prepared(Path file) {
    return single(
        "prepared",
        file,
        path -> {
          try (PreparedFile.Examples rows = new PreparedFile.Examples(path)) {
            return examples(rows.iterator());
          }
        });
  }

  static FuzzTarget features(Path file) {
    return single(
        "features",
        file,
        path -> {
          long count = 0;
          try (FeatureFile.Reader rows = new FeatureFile.Reader(path)) {
            for (FeatureRow row : rows) {
              require(row.feature().length == rows.dim(), "a feature of another size");
              count++;
            }
            require(count == rows.rows(), "a number of rows other than the file says");
          }
          return count;
        });
  }

  static FuzzTarget safetensors(Path file) {
    return single("safetensors", file, path -> Safetensors.read(path).tensors().size());
  }

  static FuzzTarget manifest(Path file) {
    return new FuzzTarget(
        "manifest",
        file.getParent(),
        List.of(file.getFileName().toString()),
        root -> Manifest.read(root).splits().size());
  }

  private static FuzzTarget single(String name, Path file, Reader reader) {
    String fileName = file.getFileName().toString();
    return new FuzzTarget(
        name, file.getParent(), List.of(fileName), root -> reader.read(root.resolve(fileName)));
  }

  private static long shardRows(Path path) {
    try (ShardReader rows = new ShardReader(path)) {
      long count = examples(rows.iterator());
      require(count == rows.rows(), "a number of rows other than the file says");
      return count;
    }
  }

  private static long examples(Iterator<ImageExample> rows) {
    long count = 0;
    while (rows.hasNext()) {
      rows.next();
      count++;
    }
    return count;
  }

  private static long source(DatasetSpec spec, Path place) throws IOException {
    ImageSource source = ImageSources.open(spec, place);
    source.check();
    SourceContents contents = source.contents(DigestCache.open(place.resolve(".none")));
    source.mostTrainImages();
    Path scratch = Files.createDirectories(place.resolve(".scratch"));
    try {
      long[] count = new long[2];
      for (SourceChunk chunk : source.chunks(scratch, contents)) {
        long before = count[0];
        chunk.read(
            image -> {
              count[0]++;
              count[1] += prepared(image);
              boolean known =
                  image.label() >= -1 && image.label() < Math.max(1, source.classNames().size());
              require(known || image instanceof SourceImage.Unreadable, "a label out of range");
            });
        require(count[0] - before == chunk.size(), "a chunk of another size than it says");
      }
      return count[1];
    } finally {
      FileTree.delete(scratch);
    }
  }

  private static long prepared(SourceImage image) {
    ImagePreparation.Outcome outcome =
        new ImagePreparation(
                new PreprocessSpec(0, 0, ImageEncoding.RAW, 1), WatchedSteps.unwatched())
            .prepare(image, "fuzz");
    if (outcome instanceof ImagePreparation.Outcome.Prepared done) {
      ImageExample example = done.example().example();
      require(
          example.height() > 0
              && example.width() > 0
              && example.image().length == 3L * example.height() * example.width(),
          "pixels of another size than the image says");
      return 1;
    }
    Reject reject = ((ImagePreparation.Outcome.Rejected) outcome).reject();
    require(
        reject.message().startsWith("Cannot ") && reject.message().contains("expected "),
        "a rejection without its reason: " + reject.message());
    require(!reject.reason().isEmpty(), "a rejection that cannot be counted");
    return 0;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError("Reading gave " + otherwise);
    }
  }

  /** Whether it is a single image file. */
  boolean isImage() {
    return name.startsWith("image ");
  }

  /** The files as they are, to be put beside a damaged one. */
  List<byte[]> sound() throws IOException {
    byte[][] contents = new byte[files.size()][];
    for (int i = 0; i < contents.length; i++) {
      contents[i] = Files.readAllBytes(root.resolve(files.get(i)));
    }
    return Arrays.asList(contents);
  }
}
