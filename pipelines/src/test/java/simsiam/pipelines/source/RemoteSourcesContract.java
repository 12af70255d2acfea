package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.remote.RemoteCopy;

/** What is in a store is read as if it were on disk: the same digest, chunks and images. */
public abstract class RemoteSourcesContract {
  @TempDir private Path work;

  /** A bucket for tests, as a path. */
  protected abstract Path bucket();

  private static ImageSource open(SourceKind kind, String place) {
    return ImageSources.open(new DatasetSpec(kind, place, false, 0), Path.of("nowhere"));
  }

  private void assertSame(SourceKind kind, Path local, String name) throws IOException {
    Path remote = RemoteCopy.of(local, bucket().resolve("sources").resolve(name));
    ImageSource expected = open(kind, local.toString());
    ImageSource actual = open(kind, remote.toString());

    actual.check();
    assertThat(actual.classNames()).isEqualTo(expected.classNames());
    assertThat(actual.mostTrainImages()).isEqualTo(expected.mostTrainImages());
    assertThat(actual.digest(DigestCache.open(work.resolve("none"))))
        .isEqualTo(expected.digest(DigestCache.open(work.resolve("none"))));
    assertThat(images(actual)).hasSizeGreaterThan(5).isEqualTo(images(expected));
  }

  private List<String> images(ImageSource source) throws IOException {
    List<String> images = new ArrayList<>();
    for (SourceChunk chunk : source.chunks(Files.createTempDirectory(work, "scratch"))) {
      // As a worker gets it.
      SerializableUtils.clone(chunk).read(image -> images.add(chunk.split() + " " + text(image)));
    }
    return images;
  }

  private static String text(SourceImage image) {
    if (image instanceof SourceImage.Encoded encoded) {
      return "%s %d %s"
          .formatted(image.id(), image.label(), HexFormat.of().formatHex(encoded.bytes()));
    }
    if (image instanceof SourceImage.Pixels pixels) {
      return "%s %d %s"
          .formatted(image.id(), image.label(), HexFormat.of().formatHex(pixels.image().pixels()));
    }
    return image.toString();
  }

  private Path folders() {
    Path folder = work.resolve("set");
    for (int i = 0; i < 30; i++) {
      String split = i % 5 == 0 ? "val" : "train";
      String name = "%s/%s/%d [%d].png".formatted(split, i % 2 == 0 ? "cat" : "great dane", i, i);
      Fixtures.write(folder.resolve(name), Fixtures.png(6, 7, i));
    }
    Fixtures.write(folder.resolve("train/cat/.hidden.png"), new byte[] {1});
    return folder;
  }

  @Test
  void classFoldersAndTheirArchives() throws IOException {
    Path folder = folders();

    assertSame(SourceKind.IMAGE_FOLDER, folder, "folders");
    assertSame(SourceKind.UNLABELLED_FOLDER, folder.resolve("train"), "unlabelled");
    for (String suffix : List.of("zip", "tar", "tar.gz")) {
      Path archive = Packing.pack(work.resolve("set." + suffix), folder, "set/");
      assertSame(SourceKind.IMAGE_FOLDER, archive, "archives/set." + suffix);
    }
  }

  @Test
  void filesOfRecordsAndTheirArchives() throws IOException {
    Path cifar = Fixtures.cifar10(work.resolve("cifar"), 3);
    Path idx = work.resolve("idx");
    for (String split : List.of("train", "t10k")) {
      Fixtures.idx(idx, split, 7, true);
    }

    assertSame(SourceKind.CIFAR10, cifar, "cifar");
    assertSame(
        SourceKind.CIFAR10,
        Fixtures.tarGz(work.resolve("c.tar.gz"), cifar, "c", Fixtures.CIFAR10_BATCHES),
        "c.tar.gz");
    assertSame(SourceKind.FASHION_MNIST, idx, "idx");
  }

  @Test
  void filesOfParquet() throws IOException, URISyntaxException {
    Path files = Path.of(RemoteSourcesContract.class.getResource("/source/hf").toURI());

    assertSame(SourceKind.HF_PARQUET, files, "parquet");
  }

  @Test
  void aListOfImages() throws IOException {
    Path folder = folders();
    StringBuilder csv = new StringBuilder("path,label\n");
    for (int i = 2; i < 12; i += 2) {
      csv.append("%s/cat/%d [%d].png,%d%n".formatted(i == 10 ? "val" : "train", i, i, i % 3));
    }
    csv.append("train/great dane/1 [1].png,1\n");
    Files.writeString(folder.resolve("list.csv"), csv);
    RemoteCopy.of(folder, bucket().resolve("sources/list"));

    assertThat(images(open(SourceKind.IMAGE_LIST, bucket() + "sources/list/list.csv")))
        .hasSize(6)
        .isEqualTo(images(open(SourceKind.IMAGE_LIST, folder.resolve("list.csv").toString())));
  }

  @Test
  void aPlaceWithNothingIsRefusedByName() {
    String place = bucket().resolve("sources/none").toString();

    assertThatThrownBy(() -> open(SourceKind.IMAGE_FOLDER, place).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(place);
    assertThatThrownBy(() -> open(SourceKind.CIFAR10, place).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(place);
  }
}
