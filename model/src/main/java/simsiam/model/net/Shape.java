package simsiam.model.net;

/**
 * The shape of what a node makes of one image: a stack of maps, or a vector, whose height and width
 * are 1.
 */
public record Shape(int height, int width, int channels) {
  /** A square image or a stack of square maps. */
  public static Shape square(int side, int channels) {
    return new Shape(side, side, channels);
  }

  public static Shape vector(int channels) {
    return new Shape(1, 1, channels);
  }

  public boolean isVector() {
    return height == 1 && width == 1;
  }

  public long size() {
    return (long) height * width * channels;
  }

  /** What a square window of this kernel, stride and padding makes of the maps. */
  public Shape window(int kernel, int stride, int padding, int out) {
    return new Shape(
        (height + 2 * padding - kernel) / stride + 1,
        (width + 2 * padding - kernel) / stride + 1,
        out);
  }
}
