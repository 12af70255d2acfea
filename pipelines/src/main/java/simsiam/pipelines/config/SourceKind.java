package simsiam.pipelines.config;

/** The layout of a raw data set. */
public enum SourceKind {
  CIFAR10,
  CIFAR100,
  MNIST,
  FASHION_MNIST,
  /** {@code train/WNID/images/*} and {@code val/images/*} with {@code val_annotations.txt}. */
  TINY_IMAGENET,
  /** STL-10, binary version, its labelled images alone. */
  STL10,
  /** STL-10 with its 100,000 unlabelled images in the training split. */
  STL10_WITH_UNLABELLED,
  /** ImageNet's tar archives, or its class folders. */
  IMAGENET,
  /**
   * Folders of JPEG or PNG files: {@code train/CLASS/*} and {@code val/CLASS/*}, or {@code
   * CLASS/*}; packed or not.
   */
  IMAGE_FOLDER,
  /**
   * PASCAL VOC's folders: {@code JPEGImages}, {@code ImageSets/Main} and {@code Annotations}; an
   * image may show several classes.
   */
  PASCAL_VOC,
  /** A folder or archive of images without labels. */
  UNLABELLED_FOLDER,
  /** A CSV or Parquet file of paths and labels. */
  IMAGE_LIST,
  /** Parquet files with image bytes and labels inside, as on the Hugging Face Hub. */
  HF_PARQUET,
  /** Tar archives of images and labels, as WebDataset has them. */
  WEBDATASET;

  /** Whether the set has a public address, from which it can be downloaded. */
  public boolean published() {
    return switch (this) {
      case CIFAR10, CIFAR100, MNIST, FASHION_MNIST, TINY_IMAGENET, STL10, STL10_WITH_UNLABELLED ->
          true;
      case IMAGENET,
          IMAGE_FOLDER,
          PASCAL_VOC,
          UNLABELLED_FOLDER,
          IMAGE_LIST,
          HF_PARQUET,
          WEBDATASET ->
          false;
    };
  }
}
