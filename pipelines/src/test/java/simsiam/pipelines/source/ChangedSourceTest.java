package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.sets.ImageSources;

/** What was digested and what is read are the same bytes, or reading fails with the file's name. */
class ChangedSourceTest {
  @TempDir private Path work;
  @TempDir private Path scratch;

  /** Every kind of source and every form that it comes in, small. */
  private enum Form {
    CLASS_FOLDERS(SourceKind.IMAGE_FOLDER, "set", "set/cat/1.png"),
    UNLABELLED(SourceKind.UNLABELLED_FOLDER, "set", "set/dog/2.png"),
    LIST(SourceKind.IMAGE_LIST, "set/list.csv", "set/cat/3.png"),
    ZIP(SourceKind.IMAGE_FOLDER, "set.zip", "set.zip"),
    TAR(SourceKind.IMAGE_FOLDER, "set.tar", "set.tar"),
    TAR_GZ(SourceKind.IMAGE_FOLDER, "set.tar.gz", "set.tar.gz"),
    TAR_ZST(SourceKind.UNLABELLED_FOLDER, "set.tar.zst", "set.tar.zst"),
    CIFAR(SourceKind.CIFAR10, "cifar", "cifar/data_batch_2.bin"),
    CIFAR_TAR_GZ(SourceKind.CIFAR10, "cifar.tar.gz", "cifar.tar.gz"),
    IDX(SourceKind.MNIST, "idx", "idx/t10k-labels-idx1-ubyte"),
    IDX_GZ(SourceKind.MNIST, "idxgz", "idxgz/train-images-idx3-ubyte.gz"),
    STL(SourceKind.STL10, "stl10_binary", "stl10_binary/train_y.bin"),
    PARQUET(SourceKind.HF_PARQUET, "hf", "hf/train-00000-of-00002.parquet"),
    IMAGENET(SourceKind.IMAGENET, "imagenet", "imagenet/ILSVRC2012_img_train.tar");

    private final SourceKind kind;
    private final String place;
    private final String changing;

    Form(SourceKind kind, String place, String changing) {
      this.kind = kind;
      this.place = place;
      this.changing = changing;
    }
  }

  private ImageSource make(Form form) throws Exception {
    Path set = work.resolve("set");
    for (int i = 0; i < 8; i++) {
      String name = (i % 2 == 0 ? "dog/" : "cat/") + i + ".png";
      Fixtures.write(set.resolve(name), Fixtures.png(6, 7, i));
    }
    Path place = work.resolve(form.place);
    switch (form) {
      case LIST ->
          Files.writeString(place, "path,label\ncat/1.png,cat\ncat/3.png,cat\ndog/2.png,dog\n");
      case ZIP, TAR, TAR_GZ, TAR_ZST -> Packing.pack(place, set, "");
      case CIFAR -> Fixtures.cifar10(place, 3);
      case CIFAR_TAR_GZ ->
          Fixtures.tarGz(
              place, Fixtures.cifar10(work.resolve("c"), 3), "c", Fixtures.CIFAR10_BATCHES);
      case IDX, IDX_GZ -> {
        Fixtures.idx(place, "train", 7, form == Form.IDX_GZ);
        Fixtures.idx(place, "t10k", 7, form == Form.IDX_GZ);
      }
      case STL -> stl(place);
      case PARQUET -> parquet(place);
      case IMAGENET -> imageNet(place);
      default -> assertThat(place).exists();
    }
    Thread.sleep(20); // longer than a tick of the file system's clock
    return ImageSources.open(
        DatasetSpec.of(form.kind, place.toString(), false, 0), Path.of("nowhere"));
  }

  private static void stl(Path folder) {
    for (String split : List.of("train", "test")) {
      Fixtures.write(folder.resolve(split + "_X.bin"), new byte[3 * 3 * 96 * 96]);
      Fixtures.write(folder.resolve(split + "_y.bin"), new byte[] {1, 10, 2});
    }
  }

  private static void parquet(Path folder) throws Exception {
    Path files = Path.of(ChangedSourceTest.class.getResource("/source/hf").toURI());
    try (Stream<Path> all = Files.walk(files)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Fixtures.write(folder.resolve(files.relativize(file)), Files.readAllBytes(file));
      }
    }
  }

  private void imageNet(Path folder) throws IOException {
    Path classes = Files.createDirectories(work.resolve("classes"));
    Files.createDirectories(folder);
    for (String wnid : List.of("n01440764", "n01443537")) {
      Path images = work.resolve("by-class/" + wnid);
      Fixtures.write(images.resolve(wnid + "_1.JPEG"), Fixtures.png(6, 5, wnid.hashCode()));
      Packing.pack(classes.resolve(wnid + ".tar"), images, "");
    }
    Fixtures.write(work.resolve("flat/ILSVRC2012_val_00000001.JPEG"), Fixtures.png(7, 7, 1));
    Packing.pack(folder.resolve("ILSVRC2012_img_train.tar"), classes, "");
    Packing.pack(folder.resolve("ILSVRC2012_img_val.tar"), work.resolve("flat"), "");
    Fixtures.write(
        folder.resolve("imagenet_2012_validation_synset_labels.txt"),
        "n01440764\n".getBytes(StandardCharsets.UTF_8));
  }

  private SourceContents contents(ImageSource source) {
    return source.contents(DigestCache.open(work.resolve("none")));
  }

  private static int read(List<SourceChunk> chunks) throws IOException {
    List<String> ids = new ArrayList<>();
    for (SourceChunk chunk : chunks) {
      // As a worker gets it.
      SerializableUtils.clone(chunk)
          .read(
              image -> {
                assertThat(image).isNotInstanceOf(SourceImage.Unreadable.class);
                ids.add(image.id());
              });
    }
    return ids.size();
  }

  /** Another byte, with the size and the time that were there. */
  private static void rewrite(Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1 - bytes.length / 4] ^= 1;
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
  }

  private static String changed(Path file) {
    return "Cannot read the data set: expected %s as it was when the run was planned, got a changed file"
        .formatted(file);
  }

  @ParameterizedTest
  @EnumSource
  void whatStaysIsRead(Form form) throws Exception {
    ImageSource source = make(form);

    assertThat(read(SourceReading.chunks(source, scratch, contents(source)))).isGreaterThan(2);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CIFAR_TAR_GZ", "IDX_GZ"}) // unpacked by then
  void aFileRewrittenWithItsSizeAndTimeIsRefusedByName(Form form) throws Exception {
    ImageSource source = make(form);
    List<SourceChunk> chunks = SourceReading.chunks(source, scratch, contents(source));

    rewrite(work.resolve(form.changing));

    assertThatThrownBy(() -> read(chunks)).hasMessage(changed(work.resolve(form.changing)));
  }

  @ParameterizedTest
  @EnumSource
  void soIsOneRewrittenBeforeItIsUnpackedOrCutIntoChunks(Form form) throws Exception {
    ImageSource source = make(form);
    SourceContents contents = contents(source);

    rewrite(work.resolve(form.changing));

    assertThatThrownBy(() -> read(SourceReading.chunks(source, scratch, contents)))
        .hasMessage(changed(work.resolve(form.changing)));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CIFAR_TAR_GZ", "IDX_GZ"}) // unpacked by then
  void oneThatIsReplacedAndPutBackInTheMeantimeIsRefused(Form form) throws Exception {
    ImageSource source = make(form);
    List<SourceChunk> chunks = SourceReading.chunks(source, scratch, contents(source));
    Path file = work.resolve(form.changing);
    Path other = Files.copy(file, work.resolve("other"), StandardCopyOption.COPY_ATTRIBUTES);
    Path aside = work.resolve("aside");
    rewrite(other);
    Files.move(file, aside);
    Files.move(other, file);

    assertThatThrownBy(() -> read(chunks)).hasMessage(changed(file));
    Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CIFAR_TAR_GZ", "IDX_GZ"}) // unpacked by then
  void oneThatIsGoneIsNoImageLess(Form form) throws Exception {
    ImageSource source = make(form);
    List<SourceChunk> chunks = SourceReading.chunks(source, scratch, contents(source));

    Files.delete(work.resolve(form.changing));

    assertThatThrownBy(() -> read(chunks))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(work.resolve(form.changing).toString());
  }
}
