package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.remote.RemoteCopy;
import simsiam.pipelines.remote.TestStore;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.sets.ImageSources;

/** What is in a store is read as if it were on disk: the same digest, chunks and images. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RemoteSourcesContract {
  @TempDir private Path work;
  private TestStore store;

  /** A store that has just been started, with its files in a folder. */
  protected abstract TestStore store(Path files) throws Exception;

  @BeforeAll
  void start(@TempDir Path files) throws Exception {
    store = store(files);
  }

  @AfterAll
  void stop() {
    if (store != null) { // which could not be started
      store.close();
    }
  }

  private Path bucket() {
    return store.bucket();
  }

  private static ImageSource open(SourceKind kind, String place) {
    return ImageSources.open(DatasetSpec.of(kind, place, false, 0), Path.of("nowhere"));
  }

  private void assertSame(SourceKind kind, Path local, String name) throws IOException {
    Path remote = RemoteCopy.of(local, bucket().resolve("sources").resolve(name));
    ImageSource expected = open(kind, local.toString());
    ImageSource actual = open(kind, remote.toString());

    actual.check();
    assertThat(actual.classNames()).isEqualTo(expected.classNames());
    assertThat(actual.mostTrainImages()).isEqualTo(expected.mostTrainImages());
    assertThat(actual.contents(DigestCache.open(work.resolve("none"))).digest())
        .isEqualTo(expected.contents(DigestCache.open(work.resolve("none"))).digest());
    assertThat(images(actual)).hasSizeGreaterThan(5).isEqualTo(images(expected));
  }

  private List<String> images(ImageSource source) throws IOException {
    List<String> images = new ArrayList<>();
    for (SourceChunk chunk :
        SourceReading.chunks(source, Files.createTempDirectory(work, "scratch"))) {
      // As a worker gets it.
      SerializableUtils.clone(chunk).read(image -> images.add(chunk.split() + " " + text(image)));
    }
    return images;
  }

  private static String text(SourceImage image) {
    if (image instanceof SourceImage.Encoded encoded) {
      return "%s %s %s"
          .formatted(image.id(), image.label(), HexFormat.of().formatHex(encoded.bytes()));
    }
    if (image instanceof SourceImage.Pixels pixels) {
      return "%s %s %s"
          .formatted(image.id(), image.label(), HexFormat.of().formatHex(pixels.image().pixels()));
    }
    return image.toString();
  }

  private Path folders() {
    Path folder = work.resolve("set");
    for (int i = 0; i < 30; i++) {
      String split = i % 5 == 0 ? "val" : "train";
      String name = "%s/%s/%s [%s].png".formatted(split, i % 2 == 0 ? "cat" : "great dane", i, i);
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
    for (String suffix : List.of("zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst")) {
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
  void tinyImageNetAndItsArchive() throws IOException {
    Path root = work.resolve("tiny-imagenet-200");
    StringBuilder annotations = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      String wnid = i % 2 == 0 ? "n01443537" : "n02124075";
      Fixtures.write(
          root.resolve("train/%s/images/%s_%s.JPEG".formatted(wnid, wnid, i)),
          Fixtures.png(4, 4, i));
      Fixtures.write(root.resolve("val/images/val_%s.JPEG".formatted(i)), Fixtures.png(4, 4, -i));
      annotations.append("val_%s.JPEG\t%s\t0\t0\t3\t3%n".formatted(i, wnid));
    }
    text(root.resolve("val/val_annotations.txt"), annotations.toString());
    text(root.resolve("words.txt"), "n01443537\tgoldfish\nn02124075\tEgyptian cat\n");

    assertSame(SourceKind.TINY_IMAGENET, root, "tiny");
    assertSame(
        SourceKind.TINY_IMAGENET,
        Packing.pack(work.resolve("tiny-imagenet-200.zip"), root, "tiny-imagenet-200/"),
        "tiny-imagenet-200.zip");
  }

  @Test
  void stlAndItsArchive() throws IOException {
    Path folder = work.resolve("stl10_binary");
    int record = 3 * 96 * 96;
    List<String> names = new ArrayList<>();
    for (String split : List.of("train", "test")) {
      byte[] images = new byte[4 * record];
      new Random(split.length()).nextBytes(images);
      Fixtures.write(folder.resolve(split + "_X.bin"), images);
      Fixtures.write(folder.resolve(split + "_y.bin"), new byte[] {1, 10, 2, 3});
      names.addAll(List.of(split + "_X.bin", split + "_y.bin"));
    }
    Fixtures.write(folder.resolve("unlabeled_X.bin"), new byte[3 * record]);
    names.add("unlabeled_X.bin");

    assertSame(SourceKind.STL10, folder, "stl");
    assertSame(SourceKind.STL10_WITH_UNLABELLED, folder, "stl-unlabelled");
    assertSame(
        SourceKind.STL10_WITH_UNLABELLED,
        Fixtures.tarGz(work.resolve("stl10_binary.tar.gz"), folder, "stl10_binary", names),
        "stl10_binary.tar.gz");
  }

  @Test
  void imageNetsArchivesOfArchivesAndItsFolders() throws IOException {
    Path folders = work.resolve("folders");
    Path tars = Files.createDirectories(work.resolve("tars"));
    Path classes = Files.createDirectories(work.resolve("classes"));
    for (String wnid : List.of("n01440764", "n01443537")) {
      for (int i = 0; i < 3; i++) {
        byte[] image = Fixtures.png(6, 5, 10L * i + wnid.hashCode());
        Fixtures.write(folders.resolve("train/%s/%s_%s.JPEG".formatted(wnid, wnid, i)), image);
      }
      Packing.pack(classes.resolve(wnid + ".tar"), folders.resolve("train/" + wnid), "");
      String name = "ILSVRC2012_val_0000000%s.JPEG".formatted(wnid.equals("n01440764") ? 1 : 2);
      Fixtures.write(folders.resolve("val/" + wnid + "/" + name), Fixtures.png(7, 7, 1));
      Fixtures.write(work.resolve("flat").resolve(name), Fixtures.png(7, 7, 1));
    }
    Packing.pack(tars.resolve("ILSVRC2012_img_train.tar"), classes, "");
    Packing.pack(tars.resolve("ILSVRC2012_img_val.tar"), work.resolve("flat"), "");
    text(tars.resolve("imagenet_2012_validation_synset_labels.txt"), "n01440764\nn01443537\n");

    assertSame(SourceKind.IMAGENET, folders, "imagenet");
    assertSame(SourceKind.IMAGENET, tars, "imagenet-tars");
  }

  private static void text(Path file, String text) {
    Fixtures.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aListOfImages() throws IOException {
    Path folder = folders();
    StringBuilder csv = new StringBuilder("path,label\n");
    for (int i = 2; i < 12; i += 2) {
      csv.append("%s/cat/%s [%s].png,%s%n".formatted(i == 10 ? "val" : "train", i, i, i % 3));
    }
    csv.append("train/great dane/1 [1].png,1\n");
    Files.writeString(folder.resolve("list.csv"), csv);
    RemoteCopy.of(folder, bucket().resolve("sources/list"));

    assertThat(
            images(
                open(SourceKind.IMAGE_LIST, bucket().resolve("sources/list/list.csv").toString())))
        .hasSize(6)
        .isEqualTo(images(open(SourceKind.IMAGE_LIST, folder.resolve("list.csv").toString())));
  }

  @Test
  void whatChangedSinceItsDigestWasTakenIsRefusedByName() throws IOException {
    Path folder = folders();
    Path archive = Packing.pack(work.resolve("changing.zip"), folder, "");
    for (Path local : List.of(folder, archive)) {
      Path remote = RemoteCopy.of(local, bucket().resolve("changing").resolve(local.getFileName()));
      ImageSource source = open(SourceKind.IMAGE_FOLDER, remote.toString());
      SourceContents contents = source.contents(DigestCache.open(work.resolve("none")));
      List<SourceChunk> chunks = SourceReading.chunks(source, work, contents);
      Path file = local == archive ? remote : remote.resolve("train/cat/2 [2].png");
      Files.write(file, new byte[] {1, 2, 3});

      assertThatThrownBy(
              () -> {
                for (SourceChunk chunk : chunks) {
                  chunk.read(image -> {});
                }
              })
          .hasMessage(SourceContents.changed(file.toString()).getMessage());
    }
  }

  @Test
  void aFileWhoseNameLooksLikeAPatternIsDeletedAndNoOther() throws IOException {
    Path folder = bucket().resolve("deleted");
    for (String name : List.of("one [1].bin", "one 1.bin")) {
      Files.write(folder.resolve(name), new byte[] {1});
    }

    Files.delete(folder.resolve("one [1].bin"));

    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("one 1.bin"));
    }
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
