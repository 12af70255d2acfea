package simsiam.model.augment;

/** Where the views of pre-training are made of the images. */
public enum ViewDevice {
  /** By the loader's threads, bit for bit as torchvision does on PIL images. */
  CPU,
  /** By the engine, where its arrays are: libtorch alone can. */
  GPU,
  /**
   * By the engine where it trains on a device that is not the CPU and can, else as {@link #CPU}.
   */
  AUTO
}
