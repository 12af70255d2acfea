package simsiam.model.load;

import java.util.stream.IntStream;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.augment.ViewSampler;
import simsiam.model.load.EpochImages.Taken;

/**
 * The views of one epoch, batch by batch, in buffers of type B: made, or only drawn. Both draw the
 * same.
 */
abstract sealed class ViewSource<B> implements BatchRing.Source<B> {
  private final int images;
  private final EpochImages order;
  private final int epoch;
  private final int[] labels;
  final AugmentSpec augment;
  final LoaderSpec spec;

  private ViewSource(
      ImageSet images, AugmentSpec augment, LoaderSpec spec, int epoch, int firstBatch) {
    this.images = images.size();
    this.augment = augment;
    this.spec = spec;
    this.epoch = epoch;
    this.labels = new int[images.size()];
    this.order = images.epoch(spec.seed(), epoch, firstBatch * spec.batchSize());
  }

  @Override
  public int batches() {
    return ViewLoader.batches(images, spec.batchSize());
  }

  @Override
  public int[] indices(int batch) {
    return IntStream.range(position(batch, 0), position(batch + 1, 0)).map(order::index).toArray();
  }

  private int position(int batch, int place) {
    return batch * spec.batchSize() + place;
  }

  @Override
  public String name(int batch, int place) {
    return order.name(position(batch, place));
  }

  /** Class index of an image that was taken, or -1; it came with the image. */
  int label(int index) {
    return labels[index];
  }

  final Taken take(int batch, int place) {
    Taken taken = order.take(position(batch, place));
    labels[order.index(position(batch, place))] = taken.label();
    return taken;
  }

  /** The numbers of one thread. */
  final ViewRandom random() {
    return new ViewRandom(spec.seed(), epoch, "", 0);
  }

  final void reset(ViewRandom random, Taken image, int view) {
    random.reset(spec.seed(), epoch, image.id(), view);
  }

  @Override
  public void close() {
    order.close();
  }

  /** Views that the loader's threads make. */
  static final class Made extends ViewSource<float[]> {
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
        for (int view = 0; view < spec.views(); view++) {
          reset(random, taken, view);
          maker.write(taken.image(), random, normalization, out, (view * size + place) * floats);
        }
      };
    }

    @Override
    public ImageBatch batch(float[] pixels, int[] indices, Runnable release) {
      return ImageBatch.made(pixels, indices, release);
    }
  }

  /** Views that are left to be made. */
  static final class Drawn extends ViewSource<DrawnViews> {
    Drawn(ImageSet images, AugmentSpec augment, LoaderSpec spec, int epoch, int firstBatch) {
      super(images, augment, spec, epoch, firstBatch);
    }

    @Override
    public DrawnViews buffer() {
      return DrawnViews.room(augment, spec.views(), spec.batchSize());
    }

    @Override
    public BatchRing.Writer<DrawnViews> writer() {
      ViewSampler sampler = new ViewSampler(augment);
      ViewRandom random = random();
      return (batch, place, size, out) -> {
        Taken taken = take(batch, place);
        out.images()[place] = taken.image();
        for (int view = 0; view < spec.views(); view++) {
          reset(random, taken, view);
          out.draws()[view * size + place] =
              sampler.draw(taken.image().height(), taken.image().width(), random);
        }
      };
    }

    @Override
    public ImageBatch batch(DrawnViews views, int[] indices, Runnable release) {
      return ImageBatch.drawn(views, indices, release);
    }
  }
}
