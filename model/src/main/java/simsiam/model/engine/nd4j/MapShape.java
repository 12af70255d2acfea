package simsiam.model.engine.nd4j;

import simsiam.model.net.ConvSpec;

/** Shape of a stack of feature maps, NHWC; a matrix of features has height and width 1. */
record MapShape(int batch, int height, int width, int channels) {
  static MapShape matrix(int rows, int columns) {
    return new MapShape(rows, 1, 1, columns);
  }

  /** Rows of the maps seen as a matrix [batch · height · width, channels]. */
  int rows() {
    return Math.multiplyExact(Math.multiplyExact(batch, height), width);
  }

  long size() {
    return (long) rows() * channels;
  }

  MapShape after(ConvSpec conv) {
    return window(conv.kernel(), conv.stride(), conv.padding(), conv.out());
  }

  /** What a window of this kernel, stride and padding makes of the maps. */
  MapShape window(int kernel, int stride, int padding, int out) {
    return new MapShape(
        batch,
        (height + 2 * padding - kernel) / stride + 1,
        (width + 2 * padding - kernel) / stride + 1,
        out);
  }
}
