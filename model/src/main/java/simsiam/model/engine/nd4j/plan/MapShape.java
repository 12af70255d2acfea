package simsiam.model.engine.nd4j.plan;

import simsiam.model.net.Shape;

/** Shape of a stack of feature maps, NHWC; a matrix of features has height and width 1. */
public record MapShape(int batch, int height, int width, int channels) {
  public static MapShape matrix(int rows, int columns) {
    return new MapShape(rows, 1, 1, columns);
  }

  /** The maps of {@code batch} images. */
  public static MapShape of(int batch, Shape image) {
    return new MapShape(batch, image.height(), image.width(), image.channels());
  }

  /** Rows of the maps seen as a matrix [batch · height · width, channels]. */
  public int rows() {
    return Math.multiplyExact(Math.multiplyExact(batch, height), width);
  }

  public long size() {
    return (long) rows() * channels;
  }
}
