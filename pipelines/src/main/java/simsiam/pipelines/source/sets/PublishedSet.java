package simsiam.pipelines.source.sets;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.download.RemoteFile;
import simsiam.pipelines.source.folders.TinyImageNet;
import simsiam.pipelines.source.records.CifarVariant;
import simsiam.pipelines.source.records.StlSource;

/**
 * A set that its authors publish: its files, with their MD5 digests, and where they lie.
 *
 * @param folder its usual one, below that of all sets
 * @param system where an operating system's package puts it
 * @param files as published
 * @param unpacked what shows that they were unpacked by hand; empty where nothing is packed twice
 */
record PublishedSet(
    String folder, Optional<Path> system, List<RemoteFile> files, Optional<Unpacked> unpacked) {
  private static final String TORONTO = "https://www.cs.toronto.edu/~kriz/";
  private static final String MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/";
  private static final String FASHION =
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

  /** Where Debian's package dataset-fashion-mnist puts its files. */
  private static final Path DEBIAN_FASHION_MNIST = Path.of("/usr/share/datasets/fashion-mnist");

  private static final PublishedSet CIFAR10 =
      cifar(
          CifarVariant.CIFAR10,
          List.of(
              RemoteFile.of(
                  TORONTO,
                  CifarVariant.CIFAR10.archive(),
                  170_052_171,
                  "c32a1d4ab5d03f1284b67883e8d87530")));
  private static final PublishedSet CIFAR100 =
      cifar(
          CifarVariant.CIFAR100,
          List.of(
              RemoteFile.of(
                  TORONTO,
                  CifarVariant.CIFAR100.archive(),
                  168_513_733,
                  "03b5dce01913d631647c71ecec9e9cb8")));
  private static final PublishedSet DIGITS =
      new PublishedSet(
          "mnist",
          Optional.empty(),
          List.of(
              RemoteFile.of(
                  MNIST,
                  "train-images-idx3-ubyte.gz",
                  9_912_422,
                  "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
              RemoteFile.of(
                  MNIST, "train-labels-idx1-ubyte.gz", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
              RemoteFile.of(
                  MNIST,
                  "t10k-images-idx3-ubyte.gz",
                  1_648_877,
                  "9fb629c4189551a2d022fa330f9573f3"),
              RemoteFile.of(
                  MNIST, "t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c")),
          Optional.empty());
  private static final PublishedSet CLOTHES =
      new PublishedSet(
          "fashion_mnist",
          Optional.of(DEBIAN_FASHION_MNIST),
          List.of(
              RemoteFile.of(
                  FASHION,
                  "train-images-idx3-ubyte.gz",
                  26_421_880,
                  "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
              RemoteFile.of(
                  FASHION,
                  "train-labels-idx1-ubyte.gz",
                  29_515,
                  "25c81989df183df01b3e8a0aad5dffbe"),
              RemoteFile.of(
                  FASHION,
                  "t10k-images-idx3-ubyte.gz",
                  4_422_102,
                  "bef4ecab320f06d8554ea6380940ec79"),
              RemoteFile.of(
                  FASHION, "t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310")),
          Optional.empty());
  private static final PublishedSet TINY_IMAGENET =
      new PublishedSet(
          "tiny_imagenet",
          Optional.empty(),
          List.of(
              RemoteFile.of(
                  "http://cs231n.stanford.edu/",
                  TinyImageNet.ARCHIVE,
                  248_100_043,
                  "90528d7ca1a48142e341f4ef8d21d0de")),
          Optional.of(new Unpacked(TinyImageNet.FOLDER, "train")));
  private static final PublishedSet STL10 =
      new PublishedSet(
          "stl10",
          Optional.empty(),
          List.of(
              RemoteFile.of(
                  "http://ai.stanford.edu/~acoates/stl10/",
                  StlSource.ARCHIVE,
                  2_640_397_119L,
                  "91f7769df0f17e558f3565bffb0c7dfb")),
          Optional.of(new Unpacked(StlSource.FOLDER, StlSource.TEST_FILE)));

  /**
   * The content of an archive.
   *
   * @param folder that the archive unpacks to
   * @param name of a file or folder in it, the last to be written
   */
  record Unpacked(String folder, String name) {
    private boolean in(Path place) {
      return Files.exists(place.resolve(name)) || Files.exists(place.resolve(folder).resolve(name));
    }
  }

  /** The set of a kind; empty for images that are the user's own. */
  static Optional<PublishedSet> of(SourceKind kind) {
    return switch (kind) {
      case CIFAR10 -> Optional.of(CIFAR10);
      case CIFAR100 -> Optional.of(CIFAR100);
      case MNIST -> Optional.of(DIGITS);
      case FASHION_MNIST -> Optional.of(CLOTHES);
      case TINY_IMAGENET -> Optional.of(TINY_IMAGENET);
      case STL10, STL10_WITH_UNLABELLED -> Optional.of(STL10);
      case IMAGENET,
          IMAGE_FOLDER,
          PASCAL_VOC,
          UNLABELLED_FOLDER,
          IMAGE_LIST,
          HF_PARQUET,
          WEBDATASET ->
          Optional.empty();
    };
  }

  private static PublishedSet cifar(CifarVariant variant, List<RemoteFile> files) {
    return new PublishedSet(
        variant.name(),
        Optional.empty(),
        files,
        Optional.of(new Unpacked(variant.folder(), variant.testFile())));
  }

  /** Where it is looked for unless a path is given: the system's only where there is no other. */
  Path place(Path datasets) {
    Path own = datasets.resolve(folder);
    return system.filter(path -> !Files.exists(own) && Files.isDirectory(path)).orElse(own);
  }

  /** Files that are neither in a place nor unpacked there. */
  List<RemoteFile> missing(Path place) {
    if (Files.isRegularFile(place) || unpacked.filter(content -> content.in(place)).isPresent()) {
      return List.of();
    }
    return files.stream()
        .filter(file -> !Files.exists(place.resolve(file.name())))
        .filter(file -> !Files.exists(place.resolve(file.name().replaceAll("\\.gz$", ""))))
        .toList();
  }
}
