package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.ShardSpec.Compression;
import simsiam.pipelines.shard.keys.RunLimits;
import simsiam.pipelines.source.listing.SourceSplit;

/** Placeholders: very many images with the same pixels. */
class EqualImagesTest {
  private static final int IMAGES = 300_000;
  private static final int PART = 10_000;

  /** Runs of a fifteenth of the set. */
  private static final RunLimits RUNS = new RunLimits(64, 64L << 20, 4L << 30, 20_000);

  @TempDir Path folder;

  @Test
  void theirMemoryIsThatOfARunHoweverManyThereAre() throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx72m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                EqualImagesTest.class.getName(),
                folder.toString(),
                String.valueOf(IMAGES))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();

    Manifest manifest = Manifest.read(folder.resolve("shards"));
    assertThat(manifest.split("train").rows()).isEqualTo(1);
    assertThat(manifest.duplicates())
        .isEqualTo(new Manifest.Duplicates(IMAGES - 1, 0, 0, List.of()));
    try (Stream<String> lines = Files.lines(folder.resolve("shards/duplicates.jsonl"))) {
      assertThat(lines.skip(IMAGES - 2)).containsExactly(line(IMAGES - 1));
    }
  }

  private static String line(int number) {
    return ("{\"dropped\":{\"id\":\"%s\",\"label\":0,\"split\":\"train\"},"
            + "\"kept\":{\"id\":\"%s\",\"label\":0,\"split\":\"train\"}}")
        .formatted(id(number), id(0));
  }

  private static String id(int number) {
    return String.format(Locale.ROOT, "n%07d/placeholder.jpg", number);
  }

  /** Makes a set of equal images and shards it. */
  public static void main(String[] arguments) throws IOException {
    Path input = Files.createDirectory(Path.of(arguments[0], "examples"));
    Path output = Files.createDirectory(Path.of(arguments[0], "shards"));
    int images = Integer.parseInt(arguments[1]);
    PreparedSet set = new PreparedSet(input);
    ImageExample placeholder = PreparedSet.example("", 0, 1);
    for (int first = 0; first < images; first += PART) {
      set.part(
          SourceSplit.TRAIN,
          IntStream.range(first, Math.min(images, first + PART))
              .mapToObj(i -> new ImageExample(id(i), 0, 4, 3, placeholder.image()))
              .toList());
    }
    set.commit(List.of("cat"));
    ShardSpec spec = new ShardSpec(0, 1, Compression.NONE, 0, "pepper", 1);
    new ShardPipeline(spec, "f00d", CanonicalJson.tree(Map.of()), RUNS)
        .run(input, output, BeamOptions.parse(List.of("--targetParallelism=2")), done -> {});
  }
}
