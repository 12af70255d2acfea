package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.sets.ImageSources;

/** Every kind of source and every form that it comes in, small. */
public enum SourceForm {
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
  PARQUET_WEBP(SourceKind.HF_PARQUET, "webp", "webp/webp.parquet"),
  IMAGENET(SourceKind.IMAGENET, "imagenet", "imagenet/ILSVRC2012_img_train.tar"),
  WEBDATASET(SourceKind.WEBDATASET, "shards", "shards/train-0.tar");

  private final SourceKind kind;
  private final String place;
  private final String changing;

  SourceForm(SourceKind kind, String place, String changing) {
    this.kind = kind;
    this.place = place;
    this.changing = changing;
  }

  /** The file, below the folder, in which a change is another set. */
  public String changing() {
    return changing;
  }

  /** Makes it in a folder. */
  public ImageSource make(Path work) throws Exception {
    Path set = work.resolve("set");
    for (int i = 0; i < 8; i++) {
      String name = (i % 2 == 0 ? "dog/" : "cat/") + i + ".png";
      Fixtures.write(set.resolve(name), Fixtures.png(6, 7, i));
    }
    Path made = work.resolve(place);
    switch (this) {
      case LIST ->
          Files.writeString(made, "path,label\ncat/1.png,cat\ncat/3.png,cat\ndog/2.png,dog\n");
      case ZIP, TAR, TAR_GZ, TAR_ZST -> Packing.pack(made, set, "");
      case CIFAR -> Fixtures.cifar10(made, 3);
      case CIFAR_TAR_GZ ->
          Fixtures.tarGz(
              made, Fixtures.cifar10(work.resolve("c"), 3), "c", Fixtures.CIFAR10_BATCHES);
      case IDX, IDX_GZ -> {
        Fixtures.idx(made, "train", 7, this == IDX_GZ);
        Fixtures.idx(made, "t10k", 7, this == IDX_GZ);
      }
      case STL -> stl(made);
      case PARQUET -> parquet(made);
      case PARQUET_WEBP ->
          Fixtures.write(
              made.resolve("webp.parquet"),
              SourceForm.class.getResourceAsStream("/source/webp.parquet").readAllBytes());
      case IMAGENET -> imageNet(work, made);
      case WEBDATASET -> webDataset(work, made);
      default -> assertThat(made).exists();
    }
    return ImageSources.open(DatasetSpec.of(kind, made.toString(), false, 0), Path.of("nowhere"));
  }

  private static void stl(Path folder) {
    for (String split : List.of("train", "test")) {
      Fixtures.write(folder.resolve(split + "_X.bin"), new byte[3 * 3 * 96 * 96]);
      Fixtures.write(folder.resolve(split + "_y.bin"), new byte[] {1, 10, 2});
    }
  }

  private static void parquet(Path folder) throws Exception {
    Path files = Path.of(SourceForm.class.getResource("/source/hf").toURI());
    for (Path file :
        Directories.below(files, files).files().stream().map(SourceFile::path).toList()) {
      Fixtures.write(folder.resolve(files.relativize(file)), Files.readAllBytes(file));
    }
  }

  private static void imageNet(Path work, Path folder) throws IOException {
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

  private static void webDataset(Path work, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String split : List.of("train-0", "train-1", "val-0")) {
      Path samples = work.resolve("samples/" + split);
      for (int i = 0; i < 3; i++) {
        Fixtures.write(samples.resolve(i + ".png"), Fixtures.png(6, 7, i + split.hashCode()));
        Fixtures.write(
            samples.resolve(i + ".cls"), String.valueOf(i % 2).getBytes(StandardCharsets.UTF_8));
      }
      Packing.pack(folder.resolve(split + ".tar"), samples, "");
    }
  }
}
