package simsiam.model.net;

/** The layers in front of the first stage. */
public enum Stem {
  /** 3×3 convolution of stride 1, no pooling: for 32×32 images. */
  CIFAR,
  /** 7×7 convolution of stride 2, then 3×3 max-pooling of stride 2. */
  IMAGENET
}
