package simsiam.model.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import simsiam.model.augment.DrawnViews;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.model.net.Shape;

/** Whether the arrays handed to a {@link TrainingNet} can hold what they are said to hold. */
public final class InputCheck {
  /** Of images, whose number of pixels no number of channels depends on. */
  private static final int ANY_SIDE = 64;

  private final Method method;
  private final Network encoder;
  private final int featureDim;
  private final Map<String, Shape> shapes;

  public InputCheck(Method method) {
    this.method = method;
    encoder = method.encoder();
    featureDim = encoder.outputChannels();
    shapes = method.network().shapes(ANY_SIDE);
  }

  /** Checks the arguments of {@link TrainingNet#step}. */
  public void checkStep(float[] views, int batch, int size, float[] given) {
    checkViews("train", views, batch, size);
    long needed = (long) method.given() * batch * channels(method.watched());
    checkLength("train", "targets", given.length, needed);
  }

  /**
   * Checks a batch whose views are yet to be made.
   *
   * @param cached pixels that the network has
   */
  public void checkDrawn(DrawnViews drawn, long cached) {
    check("train", drawn.batch() >= 2, "at least 2 images a batch", drawn.batch());
    check(
        "train",
        drawn.views() == method.views(),
        method.views() + " views an image",
        drawn.views());
    check("train", method.given() == 0, "a method without given targets", method.given());
    if (drawn.cached() && drawn.pixels() > cached) {
      throw new IllegalArgumentException(
          "Cannot train: expected images among %s cached pixels, got some up to %s"
              .formatted(cached, drawn.pixels()));
    }
  }

  /** Checks the arguments of {@link TrainingNet#outputs}. */
  public void checkOutputs(
      float[] views, int batch, int size, List<Method.Output> wanted, float[] rows) {
    String action = "compute outputs";
    checkViews(action, views, batch, size);
    Set<String> kept = new TreeSet<>(Set.of(method.watched()));
    method.terms().forEach(term -> term.outputs().forEach(output -> kept.add(output.node())));
    long needed = 0;
    for (Method.Output output : wanted) {
      if (!kept.contains(output.node()) || output.view() >= method.views()) {
        throw new IllegalArgumentException(
            "Cannot compute outputs: expected one of %s of %s views, got %s"
                .formatted(kept, method.views(), output));
      }
      needed += (long) batch * channels(output.node());
    }
    checkLength(action, "rows", rows.length, needed);
  }

  private void checkViews(String action, float[] views, int batch, int size) {
    check(action, batch >= 2, "at least 2 images a batch", batch);
    check(action, size >= 1, "images of at least 1 pixel a side", size);
    long images = (long) method.views() * batch;
    checkLength(action, "views", views.length, images * size * size * 3);
  }

  private int channels(String node) {
    return shapes.get(node).channels();
  }

  /** Checks the arguments of {@link TrainingNet#encode}. */
  public void checkEncode(float[] images, int count, int size, float[] features) {
    checkImages("encode", images, count, size);
    checkLength("encode", "features", features.length, (long) count * featureDim);
  }

  /** Checks the arguments of {@link TrainingNet#predict}. */
  public void checkPredict(float[] images, int count, int size, float[] predictions) {
    checkImages("predict", images, count, size);
    long needed = (long) count * channels(method.network().output());
    checkLength("predict", "predictions", predictions.length, needed);
  }

  private static void checkImages(String action, float[] images, int count, int size) {
    check(action, count >= 1, "at least 1 image", count);
    check(action, size >= 1, "images of at least 1 pixel a side", size);
    checkLength(action, "images", images.length, (long) count * size * size * 3);
  }

  /** Checks the further arguments of {@link TrainingNet#encode} with taps. */
  public void checkTaps(int count, int size, List<Tap> taps, List<float[]> maps) {
    Tap.check(taps, encoder);
    check(
        "encode",
        maps.size() == taps.size(),
        "as many arrays as taps, " + taps.size(),
        maps.size());
    for (int i = 0; i < taps.size(); i++) {
      long needed = (long) count * taps.get(i).length(encoder, size);
      checkLength("encode", taps.get(i).name(), maps.get(i).length, needed);
    }
  }

  private static void check(String action, boolean ok, String expected, int got) {
    if (!ok) {
      throw new IllegalArgumentException(
          "Cannot %s: expected %s, got %s".formatted(action, expected, got));
    }
  }

  private static void checkLength(String action, String what, int length, long needed) {
    if (length < needed) {
      throw new IllegalArgumentException(
          "Cannot %s: expected at least %s values, got %s (%s)"
              .formatted(action, needed, length, what));
    }
  }
}
