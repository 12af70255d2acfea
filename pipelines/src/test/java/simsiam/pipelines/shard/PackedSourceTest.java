package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.ShardSpec.Compression;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.sets.ImageSources;

/** A data set in an archive ends in the very files that its folder ends in. */
class PackedSourceTest {
  @TempDir Path work;
  private Path folder;

  @BeforeEach
  void images() {
    folder = work.resolve("set");
    for (int i = 0; i < 60; i++) {
      String split = i % 5 == 0 ? "val" : "train";
      Fixtures.write(
          folder.resolve("%s/%s/%s.png".formatted(split, i % 2 == 0 ? "cat" : "dog", i)),
          Fixtures.png(6, 7, i));
    }
    Fixtures.write(folder.resolve("train/cat/broken.png"), new byte[] {1});
  }

  @Test
  void shardsAndManifestAreTheSameBytes() throws IOException {
    Path expected = shards(folder, "folder");

    for (String suffix : List.of("zip", "tar", "tar.gz")) {
      Path archive = Packing.pack(work.resolve("set." + suffix), folder, "set/");
      Path actual = shards(archive, suffix);
      try (Stream<Path> files = Files.list(expected)) {
        List<Path> names = files.map(Path::getFileName).toList();
        assertThat(names).hasSizeGreaterThan(4);
        for (Path name : names) {
          assertThat(actual.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
        }
      }
    }
  }

  private Path shards(Path set, String name) throws IOException {
    ImageSource source =
        ImageSources.open(DatasetSpec.of(SourceKind.IMAGE_FOLDER, set.toString(), false, 0), work);
    Path prepared = Files.createDirectories(work.resolve(name + "-prepared"));
    Path shards = Files.createDirectories(work.resolve(name + "-shards"));
    SourceContents contents = source.contents(DigestCache.open(work.resolve("none")));
    new PreprocessPipeline(source, contents, new PreprocessSpec(0, 0, ImageEncoding.ORIGINAL, 0.1))
        .run(prepared, PipelineOptionsFactory.create(), done -> {});
    new ShardPipeline(
            new ShardSpec(2, 1, Compression.NONE, 0, "pepper", 1),
            "f00d",
            CanonicalJson.tree(Map.of("salt", "pepper")))
        .run(prepared, shards, PipelineOptionsFactory.create(), done -> {});
    return shards;
  }
}
