package simsiam.model.load;

import java.util.stream.IntStream;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.augment.ViewSampler;
import simsiam.model.image.RgbImage;
import simsiam.model.load.EpochImages.Taken;

/**
 * The views of one epoch, batch by batch, in buffers of type B: made, or only drawn, of images that
 * are read or of cached ones. All draw the same.
 */
abstract sealed class ViewSource<B> implements BatchRing.Source<B> {
  private final int images;
  private final int epoch;
  final AugmentSpec augment;
  final LoaderSpec spec;

  private ViewSource(int images, AugmentSpec augment, LoaderSpec spec, int epoch) {
    this.images = images;
    this.augment = augment;
    this.spec = spec;
    this.epoch = epoch;
  }

  @Override
  public final int batches() {
    return ViewLoader.batches(images, spec.batchSize());
  }

  @Override
  public final int[] indices(int batch) {
    return IntStream.range(position(batch, 0), position(batch + 1, 0)).map(this::index).toArray();
  }

  final int position(int batch, int place) {
    return batch * spec.batchSize() + place;
  }

  /** The index in the set of the image at a position of the epoch. */
  abstract int index(int position);

  /** Class index of an image that was taken, or -1. */
  abstract int label(int index);

  /** The numbers of one thread. */
  final ViewRandom random() {
    return new ViewRandom(spec.seed(), epoch, "", 0);
  }

  /** Begins the numbers of one view. */
  final void reset(ViewRandom random, long key, int view) {
    random.reset(spec.seed(), epoch, key, view);
  }

  /** Views of images that are read as the epoch goes. */
  private abstract static sealed class Read<B> extends ViewSource<B> {
    private final EpochImages order;
    private final int[] labels;

    Read(ImageSet images, AugmentSpec augment, LoaderSpec spec, int epoch, int firstBatch) {
      super(images.size(), augment, spec, epoch);
      this.labels = new int[images.size()];
      this.order = images.epoch(spec.seed(), epoch, firstBatch * spec.batchSize());
    }

    @Override
    final int index(int position) {
      return order.index(position);
    }

    @Override
    public final String name(int batch, int place) {
      return order.name(position(batch, place));
    }

    /** It came with the image. */
    @Override
    final int label(int index) {
      return labels[index];
    }

    final Taken take(int batch, int place) {
      Taken taken = order.take(position(batch, place));
      labels[order.index(position(batch, place))] = taken.label();
      return taken;
    }

    @Override
    public final void close() {
      order.close();
    }
  }

  /** Views that the loader's threads make. */
  static final class Made extends Read<float[]> {
    private final Normalization normalization;

    Made(
        ImageSet images,
        AugmentSpec augment,
        Normalization normalization,
        LoaderSpec spec,
        int epoch,
        int firstBatch) {
      super(images, augment, spec, epoch, firstBatch);
      this.normalization = normalization;
    }

    @Override
    public float[] buffer() {
      long views = (long) spec.views() * spec.batchSize();
      return new float[BatchRing.floats(views, augment.cropSize())];
    }

    @Override
    public BatchRing.Writer<float[]> writer() {
      ViewMaker maker = new ViewMaker(augment);
      ViewRandom random = random();
      int floats = BatchRing.floats(1, augment.cropSize());
      return (batch, place, size, out) -> {
        Taken taken = take(batch, place);
        long key = ViewRandom.key(taken.id());
        for (int view = 0; view < spec.views(); view++) {
          reset(random, key, view);
          maker.write(taken.image(), random, normalization, out, (view * size + place) * floats);
        }
      };
    }

    @Override
    public ImageBatch batch(float[] pixels, int[] indices, Runnable release) {
      return ImageBatch.made(pixels, indices, release);
    }
  }

  /** Draws the views of one image after another; used by one thread. */
  private static final class Drawing {
    private final ViewSource<DrawnViews> source;
    private final ViewSampler sampler;
    private final ViewRandom random;

    Drawing(ViewSource<DrawnViews> source) {
      this.source = source;
      sampler = new ViewSampler(source.augment);
      random = source.random();
    }

    void draw(int place, int height, int width, long key, DrawnViews out) {
      for (int view = 0; view < source.spec.views(); view++) {
        source.reset(random, key, view);
        out.put(view, place, sampler.draw(height, width, random));
      }
    }
  }

  /** Views that are left to be made. */
  static final class Drawn extends Read<DrawnViews> {
    Drawn(ImageSet images, AugmentSpec augment, LoaderSpec spec, int epoch, int firstBatch) {
      super(images, augment, spec, epoch, firstBatch);
    }

    @Override
    public DrawnViews buffer() {
      return DrawnViews.room(augment, spec.views(), spec.batchSize());
    }

    @Override
    public BatchRing.Writer<DrawnViews> writer() {
      Drawing drawing = new Drawing(this);
      return (batch, place, size, out) -> {
        Taken taken = take(batch, place);
        RgbImage image = taken.image();
        out.put(place, image);
        drawing.draw(place, image.height(), image.width(), ViewRandom.key(taken.id()), out);
      };
    }

    @Override
    public void complete(DrawnViews views) {
      views.pack();
    }

    @Override
    public ImageBatch batch(DrawnViews views, int[] indices, Runnable release) {
      return ImageBatch.drawn(views, indices, release);
    }
  }

  /** Views that are left to be made of images that are cached; nothing is read. */
  static final class Cached extends ViewSource<DrawnViews> {
    private final CachedImages images;
    private final int[] order;

    Cached(CachedImages images, AugmentSpec augment, LoaderSpec spec, int epoch) {
      super(images.size(), augment, spec, epoch);
      this.images = images;
      order = images.order(spec.seed(), epoch);
    }

    @Override
    int index(int position) {
      return order[position];
    }

    @Override
    public String name(int batch, int place) {
      return "image " + index(position(batch, place));
    }

    @Override
    int label(int index) {
      return images.label(index);
    }

    @Override
    public DrawnViews buffer() {
      return DrawnViews.cachedRoom(augment, spec.views(), spec.batchSize());
    }

    @Override
    public BatchRing.Writer<DrawnViews> writer() {
      Drawing drawing = new Drawing(this);
      return (batch, place, size, out) -> {
        int index = index(position(batch, place));
        int height = images.height(index);
        int width = images.width(index);
        out.put(place, height, width, images.start(index));
        drawing.draw(place, height, width, images.key(index), out);
      };
    }

    @Override
    public void complete(DrawnViews views) {
      views.pack();
    }

    @Override
    public ImageBatch batch(DrawnViews views, int[] indices, Runnable release) {
      return ImageBatch.drawn(views, indices, release);
    }
  }
}
