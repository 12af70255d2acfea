package simsiam.model.engine;

import java.util.List;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.model.net.NetworkSpec;

/** Whether the arrays handed to a {@link TrainingNet} can hold what they are said to hold. */
public final class InputCheck {
  private final int views;
  private final int featureDim;
  private final Network encoder;

  public InputCheck(NetworkSpec spec) {
    Method method = Method.of(spec);
    views = method.views();
    featureDim = spec.encoder().featureDim();
    encoder = method.encoder();
  }

  /** Checks the arguments of {@link TrainingNet#step}. */
  public void checkStep(float[] views, int batch, int size) {
    check("train", batch >= 2, "at least 2 images a batch", batch);
    check("train", size >= 1, "images of at least 1 pixel a side", size);
    long images = (long) this.views * batch;
    checkLength("train", "views", views.length, images * size * size * 3);
  }

  /** Checks the arguments of {@link TrainingNet#encode}. */
  public void checkEncode(float[] images, int count, int size, float[] features) {
    check("encode", count >= 1, "at least 1 image", count);
    check("encode", size >= 1, "images of at least 1 pixel a side", size);
    checkLength("encode", "images", images.length, (long) count * size * size * 3);
    long needed = (long) count * featureDim;
    checkLength("encode", "features", features.length, needed);
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
