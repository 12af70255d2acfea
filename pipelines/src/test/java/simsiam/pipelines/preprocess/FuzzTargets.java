package simsiam.pipelines.preprocess;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.data.ChannelStatistics;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.features.FeatureFile;
import simsiam.model.data.features.FeatureRow;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.file.CanonicalJson;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.model.net.Tensor;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.listing.SourceImage;

/** Sound files of every kind that the product reads: generated, and written by other software. */
final class FuzzTargets {
  private static final Path REAL = Path.of("..", "model", "src", "test", "resources");

  private final Path work;
  private final List<FuzzTarget> targets = new ArrayList<>();

  private FuzzTargets(Path work) {
    this.work = work;
  }

  static List<FuzzTarget> make(Path work) throws IOException {
    FuzzTargets all = new FuzzTargets(work);
    all.images();
    all.records();
    all.archives();
    all.lists();
    all.own();
    return all.targets;
  }

  private void images() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int side : new int[] {9, 33}) {
      RgbImage image = Fixtures.image(side, side + 7, side);
      files.add(
          Fixtures.write(work.resolve("img/%s.jpg".formatted(side)), ImageEncoder.jpeg(image)));
      files.add(
          Fixtures.write(work.resolve("img/%s.png".formatted(side)), ImageEncoder.png(image)));
      for (String format : List.of("gif", "bmp")) {
        Path file = work.resolve("img/%s.%s".formatted(side, format));
        if (!ImageIO.write(buffered(image), format, file.toFile())) {
          throw new IOException("no writer for " + format);
        }
        files.add(file);
      }
    }
    try (Stream<Path> real = Files.walk(REAL.resolve("image/sound"))) {
      files.addAll(
          real.filter(file -> file.toString().matches(".*\\.(jpe?g|png|gif|webp|bmp)"))
              .sorted()
              .toList());
    }
    for (Path file : files) {
      Path alone = work.resolve("image-" + targets.size()).resolve(file.getFileName().toString());
      targets.add(FuzzTarget.image(Fixtures.write(alone, Files.readAllBytes(file))));
    }
  }

  private static BufferedImage buffered(RgbImage image) {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int at = 3 * (y * image.width() + x);
        int red = image.pixels()[at] & 0xF0;
        picture.setRGB(x, y, (red << 16) | (image.pixels()[at + 1] & 0xF0));
      }
    }
    return picture;
  }

  private void records() throws IOException {
    Path cifar = Fixtures.cifar10(work.resolve("cifar"), 3);
    targets.add(FuzzTarget.source(SourceKind.CIFAR10, "", cifar, Fixtures.CIFAR10_BATCHES));
    Path packed = Files.createDirectories(work.resolve("cifar-packed"));
    Packing.pack(packed.resolve("cifar-10-binary.tar.gz"), cifar, "cifar-10-batches-bin/");
    targets.add(
        FuzzTarget.source(
            SourceKind.CIFAR10,
            "cifar-10-binary.tar.gz",
            packed,
            List.of("cifar-10-binary.tar.gz")));
    for (boolean gzipped : new boolean[] {false, true}) {
      Path idx = Files.createDirectories(work.resolve("idx-" + gzipped));
      Fixtures.idx(idx, "train", 4, gzipped);
      Fixtures.idx(idx, "t10k", 3, gzipped);
      targets.add(FuzzTarget.source(SourceKind.MNIST, "", idx, names(idx)));
    }
    Path stl = work.resolve("stl");
    int record = 3 * 96 * 96;
    Fixtures.write(stl.resolve("train_X.bin"), new byte[2 * record]);
    Fixtures.write(stl.resolve("train_y.bin"), new byte[] {1, 10});
    Fixtures.write(stl.resolve("unlabeled_X.bin"), new byte[record]);
    Fixtures.write(stl.resolve("test_X.bin"), new byte[record]);
    Fixtures.write(stl.resolve("test_y.bin"), new byte[] {3});
    targets.add(FuzzTarget.source(SourceKind.STL10_WITH_UNLABELLED, "", stl, names(stl)));
  }

  private void archives() throws IOException {
    Path folder = work.resolve("folder");
    for (String name : List.of("train/a/1", "train/a/2", "train/b/3", "val/a/4", "val/b/5")) {
      RgbImage image = Fixtures.image(8, 9, name.hashCode());
      boolean png = name.endsWith("1");
      Fixtures.write(
          folder.resolve(name + (png ? ".png" : ".jpg")),
          png ? ImageEncoder.png(image) : ImageEncoder.jpeg(image));
    }
    for (String suffix : List.of("zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst")) {
      Path place = Files.createDirectories(work.resolve("packed-" + suffix));
      String name = "a." + suffix;
      Packing.pack(place.resolve(name), folder, "");
      targets.add(FuzzTarget.source(SourceKind.IMAGE_FOLDER, name, place, List.of(name)));
    }
    Path classes = Files.createDirectories(work.resolve("classes"));
    Packing.pack(classes.resolve("n01440764.tar"), folder.resolve("train/a"), "");
    Packing.pack(classes.resolve("n01443537.tar"), folder.resolve("train/b"), "");
    Path imagenet = Files.createDirectories(work.resolve("imagenet"));
    Packing.pack(imagenet.resolve("ILSVRC2012_img_train.tar"), classes, "");
    Packing.pack(imagenet.resolve("ILSVRC2012_img_val.tar"), folder.resolve("val/a"), "");
    text(imagenet.resolve("val.txt"), "4.jpg 0\n");
    text(imagenet.resolve("LOC_synset_mapping.txt"), "n01440764 tench\nn01443537 goldfish\n");
    targets.add(FuzzTarget.source(SourceKind.IMAGENET, "", imagenet, names(imagenet)));
    Path tiny = work.resolve("tiny");
    Fixtures.write(tiny.resolve("train/n1/images/1.png"), Fixtures.png(4, 4, 1));
    Fixtures.write(tiny.resolve("train/n2/images/2.png"), Fixtures.png(4, 4, 2));
    Fixtures.write(tiny.resolve("val/images/3.png"), Fixtures.png(4, 4, 3));
    text(tiny.resolve("val/val_annotations.txt"), "3.png\tn2\t0\t0\t1\t1\n");
    text(tiny.resolve("words.txt"), "n1\tcat, house cat\nn2\tdog\n");
    targets.add(
        FuzzTarget.source(
            SourceKind.TINY_IMAGENET, "", tiny, List.of("val/val_annotations.txt", "words.txt")));
  }

  private void lists() throws IOException {
    Path csv = work.resolve("list");
    Fixtures.write(csv.resolve("a.png"), Fixtures.png(4, 5, 1));
    Fixtures.write(csv.resolve("b/c.png"), Fixtures.png(4, 5, 2));
    text(csv.resolve("l.csv"), "path,label,split\na.png,\"x\",train\n\"b/c.png\",y,test\n");
    targets.add(FuzzTarget.source(SourceKind.IMAGE_LIST, "l.csv", csv, List.of("l.csv")));
    Path resources = Path.of("src", "test", "resources", "source");
    Files.copy(resources.resolve("list.parquet"), csv.resolve("l.parquet"));
    targets.add(FuzzTarget.source(SourceKind.IMAGE_LIST, "l.parquet", csv, List.of("l.parquet")));
    Path hub = resources.resolve("hf");
    targets.add(FuzzTarget.source(SourceKind.HF_PARQUET, "", hub, names(hub)));
  }

  /** Files of formats of our own. */
  private void own() throws IOException {
    Path own = Files.createDirectories(work.resolve("own"));
    ShardFooter footer =
        new ShardFooter(ImageEncoding.RAW, "train", List.of("a", "b"), 0, 1, "salt", "f00d");
    try (ShardWriter shard =
        new ShardWriter(own.resolve("train.parquet"), footer, WriteSettings.PLAIN)) {
      for (int i = 0; i < 20; i++) {
        shard.write(new ImageExample("id" + i, i % 2, 3, 4, Fixtures.image(3, 4, i).pixels()));
      }
      shard.commit();
    }
    targets.add(FuzzTarget.shard(own.resolve("train.parquet")));
    ImagePreparation preparation =
        new ImagePreparation(
            new PreprocessSpec(0, 0, ImageEncoding.RAW, 1), WatchedSteps.unwatched());
    try (PreparedFile.Writer file =
        new PreparedFile.Writer(own.resolve("examples.parquet"), ImageEncoding.RAW)) {
      for (int i = 0; i < 20; i++) {
        SourceImage image = new SourceImage.Pixels("id" + i, 0, Fixtures.image(3, 4, i));
        file.write(((ImagePreparation.Outcome.Prepared) preparation.prepare(image, "")).example());
      }
      file.commit();
    }
    targets.add(FuzzTarget.prepared(own.resolve("examples.parquet")));
    try (FeatureFile.Writer file =
        new FeatureFile.Writer(
            own.resolve("features.parquet"),
            6,
            new FeatureFile.Origin("resnet10", "avgpool", "f00d"))) {
      for (int i = 0; i < 20; i++) {
        file.write(new FeatureRow("id" + i, i % 2, new float[] {i, 1, 2, 3, 4, 5}));
      }
      file.commit();
    }
    targets.add(FuzzTarget.features(own.resolve("features.parquet")));
    TreeMap<String, Tensor> tensors = new TreeMap<>();
    tensors.put("a.weight", new Tensor(new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
    tensors.put("b", new Tensor(new long[] {2}, new float[] {7, 8}));
    Safetensors.of(tensors).write(own.resolve("w.safetensors"));
    targets.add(FuzzTarget.safetensors(own.resolve("w.safetensors")));
    new Manifest(
            Manifest.SCHEMA_VERSION,
            "f00d",
            "beef",
            ImageEncoding.RAW,
            List.of("a", "b"),
            Map.of("train", new Manifest.Split(20, 720, List.of(10L, 10L), 0, List.of())),
            new ChannelStatistics(12, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.2)),
            Map.of("corrupt", 1L),
            new Manifest.Duplicates(0, 0, 0, List.of()),
            CanonicalJson.parse("{}"))
        .write(own);
    targets.add(FuzzTarget.manifest(own.resolve(Manifest.FILE_NAME)));
  }

  private static void text(Path file, String text) {
    Fixtures.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
