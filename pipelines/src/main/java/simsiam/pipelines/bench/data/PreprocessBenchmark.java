package simsiam.pipelines.bench.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.FileTree;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.shard.ShardPipeline;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.sets.ImageSources;

/**
 * Times preprocess and shard over images in CIFAR-10's binary form, made up or given, on the Direct
 * runner. A small run goes first, so that start-up (loading Beam, compiling) is not counted.
 */
public final class PreprocessBenchmark {
  private static final int RECORD_BYTES = 3073;
  private static final int WARM_UP_IMAGES = 1_000;

  private final List<String> beamArguments;

  public PreprocessBenchmark(List<String> beamArguments) {
    this.beamArguments = List.copyOf(beamArguments);
  }

  /**
   * Times made-up images.
   *
   * @param images about how many, a sixth of them in the test split
   * @param work existing folder; what is written there is deleted at the end
   */
  public PreprocessResult run(int images, Path work) throws IOException {
    Path folder = Files.createTempDirectory(work, "bench-cifar10-");
    try {
      write(folder, Math.max(1, images / 6));
      return run(folder, work);
    } finally {
      FileTree.delete(folder);
    }
  }

  /**
   * Times the images of a CIFAR-10 folder or archive.
   *
   * @param work existing folder; what is written there is deleted at the end
   */
  public PreprocessResult run(Path cifar10, Path work) throws IOException {
    time(cifar10, WARM_UP_IMAGES, work);
    return time(cifar10, 0, work);
  }

  private PreprocessResult time(Path cifar10, int limit, Path work) throws IOException {
    return time(
        DatasetSpec.of(SourceKind.CIFAR10, cifar10.toString(), false, limit),
        new PreprocessSpec(0, 0, ImageEncoding.RAW, 0),
        work);
  }

  /** Times any data set once; the first time start-up is counted. */
  PreprocessResult time(DatasetSpec dataset, PreprocessSpec preprocess, Path work)
      throws IOException {
    Path output = Files.createTempDirectory(work, "bench-");
    try {
      Path examples = Files.createDirectory(output.resolve("examples"));
      Path shards = Files.createDirectory(output.resolve("shards"));
      ImageSource source = ImageSources.open(dataset, work);
      SourceContents contents = source.contents(DigestCache.open(output.resolve("digests")));
      long start = System.nanoTime();
      long images =
          new PreprocessPipeline(source, contents, preprocess)
              .run(examples, BeamOptions.parse(beamArguments), done -> {})
              .imageCount();
      long middle = System.nanoTime();
      ShardSpec spec = new ShardSpec(0, 8, ShardSpec.Compression.NONE, 0, "bench", 1);
      new ShardPipeline(spec, contents.digest(), JsonNodeFactory.instance.objectNode())
          .run(examples, shards, BeamOptions.parse(beamArguments), done -> {});
      long end = System.nanoTime();
      return new PreprocessResult(
          images,
          Runtime.getRuntime().availableProcessors(),
          (middle - start) / 1e9,
          (end - middle) / 1e9);
    } finally {
      FileTree.delete(output);
    }
  }

  private static void write(Path folder, int recordsOfBatch) throws IOException {
    Random random = new Random(1);
    byte[] record = new byte[RECORD_BYTES];
    for (String name :
        List.of(
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
            "test_batch.bin")) {
      try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
        for (int i = 0; i < recordsOfBatch; i++) {
          random.nextBytes(record);
          record[0] = (byte) random.nextInt(10);
          out.write(record);
        }
      }
    }
  }
}
