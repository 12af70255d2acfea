package simsiam.model.engine.nd4j;

import java.nio.FloatBuffer;
import java.util.Arrays;
import simsiam.model.net.ConvSpec;

/**
 * The windows of a convolution as rows of a matrix [images·oH·oW, k·k·C] ("im2col"), a few images
 * at a time so that it stays in cache, and the way back ("col2im"). Windows of q neighbouring
 * outputs may share a row, [images·oH·oW/q, k·w·C] with w = k + (q - 1)·stride: where they overlap
 * they are written once.
 */
final class Patches {
  /** Floats of the matrix kept at a time: 8 MB, a part of a last-level cache. */
  static final int CAPACITY = 2 << 20;

  private final MapShape in;
  private final MapShape out;
  private final int kernel;
  private final int stride;
  private final int padding;
  private final int windowWidth;
  private final int windows; // a line of outputs
  private final Workers workers;

  Patches(MapShape in, ConvSpec conv, Workers workers) {
    this(in, conv, 1, workers);
  }

  /**
   * Windows of groups of outputs.
   *
   * @param group q, neighbouring outputs that share a row; divides the width of the output
   */
  Patches(MapShape in, ConvSpec conv, int group, Workers workers) {
    this.in = in;
    this.workers = workers;
    out = in.after(conv);
    kernel = conv.kernel();
    stride = conv.stride();
    padding = conv.padding();
    windowWidth = kernel + (group - 1) * stride;
    windows = out.width() / group;
  }

  /** Length of a row: k·w·C. */
  int rowLength() {
    return kernel * windowWidth * in.channels();
  }

  int rowsPerImage() {
    return out.height() * windows;
  }

  /** Images a chunk. */
  int images() {
    return Math.min(in.batch(), Math.max(1, CAPACITY / (rowsPerImage() * rowLength())));
  }

  /** Images of the chunk that starts with image {@code first}. */
  int images(int first) {
    return Math.min(images(), in.batch() - first);
  }

  /** Floats that a chunk's matrix needs. */
  long chunkSize() {
    return (long) images() * rowsPerImage() * rowLength();
  }

  /** Writes the windows of {@code images} images from {@code first} on to {@code matrix}. */
  void gather(FeatureMap x, int first, int images, NativeArray matrix) {
    workers.run(
        images * out.height(),
        (index, scratch) -> gatherRow(x.values(), first, index, matrix.values(), scratch));
  }

  private void gatherRow(FloatBuffer x, int first, int index, FloatBuffer matrix, Scratch scratch) {
    int line = paddedLine();
    int segment = windowWidth * in.channels();
    int step = out.width() / windows * stride * in.channels();
    float[] lines = scratch.floats(0, kernel * line);
    float[] rows = scratch.floats(1, windows * rowLength());
    int oy = index % out.height();
    load(x, first + index / out.height(), oy * stride - padding, lines);
    int to = 0;
    for (int window = 0; window < windows; window++) {
      int from = window * step;
      for (int ky = 0; ky < kernel; ky++) {
        System.arraycopy(lines, ky * line + from, rows, to, segment);
        to += segment;
      }
    }
    matrix.put(index * to, rows, 0, to);
  }

  /** Loads k lines of one image from line {@code y} on, padded with zeros. */
  private void load(FloatBuffer x, int image, int y, float[] lines) {
    int line = paddedLine();
    int margin = padding * in.channels();
    int length = in.width() * in.channels();
    for (int ky = 0; ky < kernel; ky++) {
      int start = ky * line;
      if (y + ky < 0 || y + ky >= in.height()) {
        Arrays.fill(lines, start, start + line, 0f);
      } else {
        Arrays.fill(lines, start, start + margin, 0f);
        x.get((image * in.height() + y + ky) * length, lines, start + margin, length);
        Arrays.fill(lines, start + margin + length, start + line, 0f);
      }
    }
  }

  private int paddedLine() {
    return (in.width() + 2 * padding) * in.channels();
  }

  /** Adds up the windows in {@code matrix}, ungrouped, and overwrites the images they came from. */
  void scatter(NativeArray matrix, int first, int images, FeatureMap x) {
    workers.run(
        images,
        (image, scratch) ->
            scatterImage(matrix.values(), image, first + image, x.values(), scratch));
  }

  private void scatterImage(
      FloatBuffer matrix, int from, int image, FloatBuffer x, Scratch scratch) {
    int line = paddedLine();
    int length = out.width() * rowLength();
    int lines = in.height() + 2 * padding + stride;
    float[] sums = scratch.floats(0, lines * line);
    float[] rows = scratch.floats(1, length);
    Arrays.fill(sums, 0, lines * line, 0f);
    for (int oy = 0; oy < out.height(); oy++) {
      matrix.get((from * out.height() + oy) * length, rows, 0, length);
      addLine(rows, sums, oy * stride * line);
    }
    int kept = in.width() * in.channels();
    for (int y = 0; y < in.height(); y++) {
      int start = (y + padding) * line + padding * in.channels();
      x.put((image * in.height() + y) * kept, sums, start, kept);
    }
  }

  private void addLine(float[] rows, float[] sums, int top) {
    int line = paddedLine();
    int segment = kernel * in.channels();
    int from = 0;
    for (int ox = 0; ox < out.width(); ox++) {
      int left = top + ox * stride * in.channels();
      for (int ky = 0; ky < kernel; ky++) {
        int to = left + ky * line;
        for (int i = 0; i < segment; i++) {
          sums[to + i] += rows[from + i];
        }
        from += segment;
      }
    }
  }
}
