package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.preprocess.PreparedSummary.Part;
import simsiam.pipelines.source.listing.SourceSplit;

/** What a cluster is sent to begin with does not grow with the set, nor with its classes. */
class ShardJobGraphTest {
  @TempDir private Path work;

  private int bytes(int chunks, int classes) throws IOException {
    PreparedSummary summary =
        new PreparedSummary(
            "0".repeat(64),
            ImageEncoding.ORIGINAL,
            IntStream.range(0, classes).mapToObj(i -> "class " + i).toList(),
            Map.of("train", 128L * chunks),
            Map.of(),
            IntStream.range(0, chunks)
                .mapToObj(
                    i ->
                        new Part(
                            "examples-%s.parquet".formatted(i),
                            SourceSplit.TRAIN,
                            128,
                            8 << 20,
                            "a".repeat(64)))
                .toList());
    Path runs = Files.createDirectories(work.resolve(chunks + "/.runs"));
    ShardPipeline pipeline =
        new ShardPipeline(
            new ShardSpec(0, 64, ShardSpec.Compression.NONE, 0, "pepper", 1),
            "f".repeat(64),
            CanonicalJson.parse("{}"));
    return PipelineTranslation.toProto(
            pipeline.pipeline(
                work, runs, SharedFolder.mark(runs), summary, PipelineOptionsFactory.create()))
        .getSerializedSize();
  }

  @Test
  void isAsSmallForAHundredThousandChunksAsForTwo() throws IOException {
    int few = bytes(2, 2);
    int many = bytes(100_000, 21_841);

    // Many runs are merged in more turns, each of which is a few steps of the graph.
    assertThat(many).isLessThan(1 << 20).isBetween(few, few + 60_000);
  }
}
