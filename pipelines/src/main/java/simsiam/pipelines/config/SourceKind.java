package simsiam.pipelines.config;

/** The layout of a raw data set. */
public enum SourceKind {
  CIFAR10,
  CIFAR100,
  MNIST,
  FASHION_MNIST,
  /**
   * Folders of JPEG or PNG files: {@code train/CLASS/*} and {@code val/CLASS/*}, or {@code
   * CLASS/*}.
   */
  IMAGE_FOLDER,
  /** A folder of images without labels. */
  UNLABELLED_FOLDER
}
