package simsiam.pipelines.source.sets;

import java.util.List;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.download.RemoteFile;
import simsiam.pipelines.source.folders.TinyImageNet;
import simsiam.pipelines.source.records.CifarVariant;
import simsiam.pipelines.source.records.StlSource;

/** The files that the authors of each data set publish, with their MD5 digests. */
final class OfficialFiles {
  private static final String TORONTO = "https://www.cs.toronto.edu/~kriz/";
  private static final String MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/";
  private static final String FASHION =
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

  private OfficialFiles() {}

  static List<RemoteFile> of(SourceKind kind) {
    return switch (kind) {
      case CIFAR10 ->
          List.of(
              RemoteFile.of(
                  TORONTO,
                  CifarVariant.CIFAR10.archive(),
                  170_052_171,
                  "c32a1d4ab5d03f1284b67883e8d87530"));
      case CIFAR100 ->
          List.of(
              RemoteFile.of(
                  TORONTO,
                  CifarVariant.CIFAR100.archive(),
                  168_513_733,
                  "03b5dce01913d631647c71ecec9e9cb8"));
      case MNIST ->
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
                  MNIST, "t10k-labels-idx1-ubyte.gz", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"));
      case FASHION_MNIST ->
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
                  FASHION, "t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"));
      case TINY_IMAGENET ->
          List.of(
              RemoteFile.of(
                  "http://cs231n.stanford.edu/",
                  TinyImageNet.ARCHIVE,
                  248_100_043,
                  "90528d7ca1a48142e341f4ef8d21d0de"));
      case STL10, STL10_WITH_UNLABELLED ->
          List.of(
              RemoteFile.of(
                  "http://ai.stanford.edu/~acoates/stl10/",
                  StlSource.ARCHIVE,
                  2_640_397_119L,
                  "91f7769df0f17e558f3565bffb0c7dfb"));
      case IMAGENET, IMAGE_FOLDER, UNLABELLED_FOLDER, IMAGE_LIST, HF_PARQUET -> List.of();
    };
  }
}
