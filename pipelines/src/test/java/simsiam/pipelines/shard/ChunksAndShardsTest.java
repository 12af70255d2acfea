package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.ShardSpec.Compression;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceSplit;

/** How a source is cut into chunks is of no matter to the shards: large sets have larger chunks. */
class ChunksAndShardsTest {
  private static final int IMAGES = 60;

  @TempDir private Path work;

  /** Images of their number, some of which are the same. */
  private record Cut(int ofChunk) implements ImageSource {
    @Override
    public List<String> classNames() {
      return List.of("cat", "dog");
    }

    @Override
    public SourceListing listing() {
      return new SourceListing(classNames(), List.of(), List.of());
    }

    @Override
    public void check() {}

    @Override
    public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
      List<SourceChunk> chunks = new ArrayList<>();
      for (int first = 0; first < IMAGES; first += ofChunk) {
        chunks.add(new Run(first, Math.min(ofChunk, IMAGES - first)));
      }
      return chunks;
    }

    @Override
    public SourceContents contents(DigestCache cache) {
      return new SourceContents("0".repeat(64), classNames(), List.of());
    }
  }

  private record Run(int first, int size) implements SourceChunk {
    @Override
    public SourceSplit split() {
      return SourceSplit.UNSPLIT;
    }

    @Override
    public boolean encoded() {
      return true;
    }

    @Override
    public String origin() {
      return "here";
    }

    @Override
    public void read(Receiver receiver) throws IOException {
      for (int i = first; i < first + size; i++) {
        byte[] bytes = i % 7 == 3 ? new byte[] {1} : Fixtures.png(6, 7, i % 50);
        receiver.accept(new SourceImage.Encoded("image-" + i, i % 2, bytes));
      }
    }
  }

  private Path shards(int ofChunk) throws IOException {
    ImageSource source = new Cut(ofChunk);
    Path prepared = Files.createDirectories(work.resolve("prepared-" + ofChunk));
    Path shards = Files.createDirectories(work.resolve("shards-" + ofChunk));
    SourceContents contents = source.contents(DigestCache.open(work.resolve("none")));
    new PreprocessPipeline(source, contents, new PreprocessSpec(0, 0, ImageEncoding.RAW, 0.5))
        .run(prepared, PipelineOptionsFactory.create(), done -> {});
    new ShardPipeline(
            new ShardSpec(3, 1, Compression.NONE, 0.2, "pepper", 1),
            "f00d",
            CanonicalJson.tree(Map.of("salt", "pepper")))
        .run(prepared, shards, PipelineOptionsFactory.create(), done -> {});
    return shards;
  }

  @Test
  void shardsManifestAndDuplicatesAreTheSameBytes() throws IOException {
    Path expected = shards(5);
    try (Stream<Path> files = Files.list(expected)) {
      List<Path> names = files.map(Path::getFileName).toList();
      assertThat(names).hasSize(8);
      for (int ofChunk : new int[] {1, 13, IMAGES}) {
        Path actual = shards(ofChunk);
        for (Path name : names) {
          assertThat(actual.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
        }
      }
    }
  }
}
