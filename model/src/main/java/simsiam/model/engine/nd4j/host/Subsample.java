package simsiam.model.engine.nd4j.host;

import java.nio.FloatBuffer;
import java.util.Arrays;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.plan.MapShape;

/** Every {@code stride}-th pixel of every {@code stride}-th line, and the way back. */
final class Subsample {
  private final FeatureMap x;
  private final FeatureMap read;
  private final int stride;
  private final Workers workers;

  Subsample(FeatureMap x, FeatureMap read, int stride, Workers workers) {
    this.x = x;
    this.read = read;
    this.stride = stride;
    this.workers = workers;
  }

  /** Copies the pixels read from x. */
  void gather() {
    MapShape out = read.shape();
    workers.run(
        out.batch() * out.height(),
        (line, scratch) -> {
          float[] from = scratch.floats(0, lineLength());
          float[] to = scratch.floats(1, out.width() * out.channels());
          x.values().get(start(line), from, 0, lineLength());
          for (int ox = 0; ox < out.width(); ox++) {
            int at = ox * stride * out.channels();
            System.arraycopy(from, at, to, ox * out.channels(), out.channels());
          }
          int length = out.width() * out.channels();
          read.values().put(line * length, to, 0, length);
        });
  }

  /** Puts the gradient of the pixels read, found in their map, or adds it, to that of x. */
  void scatter(FeatureMap dx, boolean add) {
    if (!add) {
      clear(dx);
    }
    MapShape out = read.shape();
    int channels = out.channels();
    workers.run(
        out.batch() * out.height(),
        (line, scratch) -> {
          float[] sums = scratch.floats(0, lineLength());
          float[] added = scratch.floats(1, out.width() * channels);
          FloatBuffer target = dx.values();
          target.get(start(line), sums, 0, lineLength());
          read.values().get(line * out.width() * channels, added, 0, out.width() * channels);
          for (int ox = 0; ox < out.width(); ox++) {
            int at = ox * stride * channels;
            for (int i = 0; i < channels; i++) {
              sums[at + i] += added[ox * channels + i];
            }
          }
          target.put(start(line), sums, 0, lineLength());
        });
  }

  private void clear(FeatureMap dx) {
    int lines = dx.shape().batch() * dx.shape().height();
    workers.run(
        lines,
        (line, scratch) -> {
          float[] zeros = scratch.floats(0, lineLength());
          Arrays.fill(zeros, 0, lineLength(), 0f);
          dx.values().put(line * lineLength(), zeros, 0, lineLength());
        });
  }

  private int lineLength() {
    return x.shape().width() * x.shape().channels();
  }

  /** Index in x of the line that line {@code line} of the output reads. */
  private int start(int line) {
    int image = line / read.shape().height();
    int y = line % read.shape().height() * stride;
    return (image * x.shape().height() + y) * lineLength();
  }
}
