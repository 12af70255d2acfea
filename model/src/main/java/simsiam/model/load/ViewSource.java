package simsiam.model.load;

import java.util.stream.IntStream;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;

/** The views of one epoch, batch by batch. */
final class ViewSource implements BatchRing.Source {
  private final int images;
  private final EpochImages order;
  private final AugmentSpec augment;
  private final Normalization normalization;
  private final LoaderSpec spec;
  private final int epoch;
  private final int[] labels;

  ViewSource(
      ImageSet images,
      AugmentSpec augment,
      Normalization normalization,
      LoaderSpec spec,
      int epoch,
      int firstBatch) {
    this.images = images.size();
    this.augment = augment;
    this.normalization = normalization;
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

  @Override
  public int floats() {
    return BatchRing.floats((long) spec.views() * spec.batchSize(), augment.cropSize());
  }

  @Override
  public BatchRing.Writer writer() {
    ViewMaker maker = new ViewMaker(augment);
    ViewRandom random = new ViewRandom(spec.seed(), epoch, "", 0);
    int floats = BatchRing.floats(1, augment.cropSize());
    return (batch, place, size, out) -> {
      EpochImages.Taken taken = order.take(position(batch, place));
      labels[order.index(position(batch, place))] = taken.label();
      for (int view = 0; view < spec.views(); view++) {
        random.reset(spec.seed(), epoch, taken.id(), view);
        maker.write(taken.image(), random, normalization, out, (view * size + place) * floats);
      }
    };
  }

  @Override
  public void close() {
    order.close();
  }
}
