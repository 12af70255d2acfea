package simsiam.model.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import simsiam.model.augment.ViewDraw.Operation;

/**
 * What was drawn for the views of a batch as numbers for operations on many images at once: one
 * array of whole numbers and one of real ones, which travel to a device at once, and where in them
 * lies what. Numbers of one kind lie image by image.
 */
public final class ViewNumbers {
  /** Whole numbers of an image: its first pixel, height, width. */
  public static final int IMAGE = 3;

  /** Real numbers of a crop: left, width, 1 if it is flipped, else 0, top, height. */
  public static final int BOX = 5;

  /** Real numbers of a blend: factor, share of the mean luma, share of the luma. */
  public static final int BLEND = 3;

  /** Samples of the images of which views are made at once: 64 MiB as float32. */
  private static final long SAMPLES = 1 << 24;

  /** Of Pillow's hue. */
  private static final double TURN = 255;

  private final AugmentSpec spec;
  private final float[] kernel;
  private final List<Run> runs = new ArrayList<>();
  private long[] whole = {};
  private int wholeCount;
  private float[] real = {};
  private int realCount;

  /** A part of one of the arrays. */
  public record Slice(int start, int length) {
    public boolean isEmpty() {
      return length == 0;
    }
  }

  /**
   * Images of which views are made at once.
   *
   * @param first place in the batch
   * @param end the place after the last
   * @param height of the largest
   * @param width of the widest
   * @param oneSize whether all have these
   * @param images whole numbers, {@link #IMAGE} each
   * @param rows whole numbers, each the place of an image in a sequence of nothing but images of
   *     this size; empty if there is none
   * @param views by number
   */
  public record Run(
      int first,
      int end,
      int height,
      int width,
      boolean oneSize,
      Slice images,
      Slice rows,
      List<View> views) {
    public int count() {
      return end - first;
    }
  }

  /**
   * One view of the images of a run. Places count from the run's first.
   *
   * @param boxes real numbers, {@link #BOX} each
   * @param jitter in the order in which it is done; empty if no image has any
   * @param grey places of those that become grey
   * @param blurred places of those that are blurred
   * @param kernels their blurs' weights along one axis
   */
  public record View(Slice boxes, List<Jitter> jitter, Slice grey, Slice blurred, Slice kernels) {}

  /**
   * One operation of the jitter of each image.
   *
   * @param blends real numbers, {@link #BLEND} each
   * @param turned places of those whose hue turns
   * @param shifts of their hue, of 255
   */
  public record Jitter(Slice blends, Slice turned, Slice shifts) {}

  ViewNumbers(AugmentSpec spec) {
    this.spec = spec;
    kernel = new float[GaussianBlur.kernelSize(spec.cropSize())];
  }

  public List<Run> runs() {
    return Collections.unmodifiableList(runs);
  }

  /** The first {@link #wholeCount} of them count. */
  public long[] whole() {
    return whole;
  }

  public int wholeCount() {
    return wholeCount;
  }

  /** The first {@link #realCount} of them count. */
  public float[] real() {
    return real;
  }

  public int realCount() {
    return realCount;
  }

  void fill(DrawnViews drawn) {
    runs.clear();
    wholeCount = 0;
    realCount = 0;
    for (int first = 0; first < drawn.batch(); ) {
      Run run = run(drawn, first);
      runs.add(run);
      first = run.end();
    }
  }

  /** As many images as have few enough samples, each taken as large as the largest. */
  private Run run(DrawnViews drawn, int first) {
    int height = 1;
    int width = 1;
    boolean oneSize = true;
    int end = first;
    for (; end < drawn.batch(); end++) {
      int higher = Math.max(height, drawn.height(end));
      int wider = Math.max(width, drawn.width(end));
      if (end > first && 3L * (end + 1 - first) * higher * wider > SAMPLES) {
        break;
      }
      oneSize &= drawn.height(end) == drawn.height(first) && drawn.width(end) == drawn.width(first);
      height = higher;
      width = wider;
    }
    Slice images = new Slice(wholeCount, IMAGE * (end - first));
    for (int place = first; place < end; place++) {
      addWhole(drawn.start(place));
      addWhole(drawn.height(place));
      addWhole(drawn.width(place));
    }
    Slice rows = oneSize ? rows(drawn, first, end) : new Slice(wholeCount, 0);
    List<View> views = new ArrayList<>();
    for (int view = 0; view < drawn.views(); view++) {
      List<ViewDraw> draws = new ArrayList<>();
      for (int place = first; place < end; place++) {
        draws.add(drawn.draw(view, place));
      }
      views.add(view(draws));
    }
    return new Run(first, end, height, width, oneSize, images, rows, views);
  }

  private Slice rows(DrawnViews drawn, int first, int end) {
    int start = wholeCount;
    long area = (long) drawn.height(first) * drawn.width(first);
    for (int place = first; place < end; place++) {
      if (drawn.start(place) % area != 0) {
        wholeCount = start;
        break;
      }
      addWhole(drawn.start(place) / area);
    }
    return new Slice(start, wholeCount - start);
  }

  private View view(List<ViewDraw> draws) {
    int boxes = realCount;
    for (ViewDraw draw : draws) {
      addReal(draw.box().left());
      addReal(draw.box().width());
      addReal(draw.flipped() ? 1 : 0);
      addReal(draw.box().top());
      addReal(draw.box().height());
    }
    Slice box = new Slice(boxes, realCount - boxes);
    List<Jitter> jitter = new ArrayList<>();
    if (draws.stream().anyMatch(draw -> draw.jitter().isPresent())) {
      for (int k = 0; k < Operation.COUNT; k++) {
        jitter.add(jitter(draws, k));
      }
    }
    int grey = wholeCount;
    for (int i = 0; i < draws.size(); i++) {
      if (draws.get(i).grey()) {
        addWhole(i);
      }
    }
    int blurred = wholeCount;
    int kernels = realCount;
    for (int i = 0; i < draws.size(); i++) {
      if (draws.get(i).sigma() > 0) {
        addWhole(i);
        GaussianBlur.kernel(draws.get(i).sigma(), kernel);
        for (float weight : kernel) {
          addReal(weight);
        }
      }
    }
    return new View(
        box,
        jitter,
        new Slice(grey, blurred - grey),
        new Slice(blurred, wholeCount - blurred),
        new Slice(kernels, realCount - kernels));
  }

  /** The operations that the images have at one place of their order. */
  private Jitter jitter(List<ViewDraw> draws, int k) {
    int blends = realCount;
    for (ViewDraw draw : draws) {
      int at = realCount;
      addReal(1);
      addReal(0);
      addReal(0);
      draw.jitter().ifPresent(jitter -> blend(jitter, k, at));
    }
    int shifts = realCount;
    int turned = wholeCount;
    for (int i = 0; i < draws.size() && spec.jitter().hue() > 0; i++) {
      ViewDraw.Jitter jitter = draws.get(i).jitter().orElse(null);
      if (jitter != null && jitter.operation(k) == Operation.HUE) {
        addWhole(i);
        addReal((int) (jitter.hue() * TURN));
      }
    }
    return new Jitter(
        new Slice(blends, shifts - blends),
        new Slice(turned, wholeCount - turned),
        new Slice(shifts, realCount - shifts));
  }

  private void blend(ViewDraw.Jitter jitter, int k, int at) {
    JitterSpec strengths = spec.jitter();
    switch (jitter.operation(k)) {
      case BRIGHTNESS -> {
        if (strengths.brightness() > 0) {
          real[at] = (float) jitter.brightness();
        }
      }
      case CONTRAST -> {
        if (strengths.contrast() > 0) {
          real[at] = (float) jitter.contrast();
          real[at + 1] = 1;
        }
      }
      case SATURATION -> {
        if (strengths.saturation() > 0) {
          real[at] = (float) jitter.saturation();
          real[at + 2] = 1;
        }
      }
      case HUE -> {}
    }
  }

  private void addWhole(long number) {
    if (wholeCount == whole.length) {
      whole = Arrays.copyOf(whole, Math.max(64, 2 * whole.length));
    }
    whole[wholeCount++] = number;
  }

  private void addReal(float number) {
    if (realCount == real.length) {
      real = Arrays.copyOf(real, Math.max(64, 2 * real.length));
    }
    real[realCount++] = number;
  }
}
