package simsiam.pipelines.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageEncoding;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceSplit;

/** What a cluster is sent to begin with; Dataflow takes 10 MB, Flink's REST interface 100. */
class JobGraphTest {
  private static final int OF_CHUNK = 128;

  @TempDir private Path work;

  /** A set of so many images, none of which is there. */
  private record MadeUp(int images, List<String> classNames) implements ImageSource {
    @Override
    public SourceListing listing() {
      return new SourceListing(classNames, List.of(), List.of());
    }

    @Override
    public void check() {}

    @Override
    public Iterable<SourceChunk> chunks(Path scratch, SourceContents contents) {
      return () ->
          IntStream.iterate(0, first -> first < images, first -> first + OF_CHUNK)
              .<SourceChunk>mapToObj(
                  first ->
                      new Named(
                          IntStream.range(first, Math.min(images, first + OF_CHUNK))
                              .mapToObj(i -> "train/n01440764/n01440764_%s.JPEG".formatted(i))
                              .toList()))
              .iterator();
    }

    @Override
    public SourceContents contents(DigestCache cache) {
      return new SourceContents("0".repeat(64), classNames, List.of());
    }
  }

  private record Named(List<String> names) implements SourceChunk, Serializable {
    @Override
    public SourceSplit split() {
      return SourceSplit.TRAIN;
    }

    @Override
    public int size() {
      return names.size();
    }

    @Override
    public boolean encoded() {
      return true;
    }

    @Override
    public String origin() {
      return "nowhere";
    }

    @Override
    public void read(Receiver receiver) {
      throw new UnsupportedOperationException("not to be run");
    }
  }

  private int bytes(int images, int classes) throws IOException {
    MadeUp source =
        new MadeUp(images, IntStream.range(0, classes).mapToObj(i -> "class " + i).toList());
    PreprocessPipeline pipeline =
        new PreprocessPipeline(
            source,
            source.contents(DigestCache.open(work.resolve("none"))),
            new PreprocessSpec(0, 0, ImageEncoding.ORIGINAL, 0.1));
    Path scratch = Files.createDirectories(work.resolve("scratch-" + images));
    return PipelineTranslation.toProto(
            pipeline.pipeline(work, scratch, PipelineOptionsFactory.create()))
        .getSerializedSize();
  }

  @Test
  void isAsSmallForAMillionImagesAsForTen() throws IOException {
    int few = bytes(10, 2);
    int many = bytes(1_000_000, 21_841);

    assertThat(many).isLessThan(1 << 20).isBetween(few - 2_000, few + 2_000);
  }
}
