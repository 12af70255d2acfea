package simsiam.model.load;

import java.util.Arrays;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.image.RgbImage;

/** The views of one epoch, batch by batch. */
final class ViewSource implements BatchRing.Source {
  private final ImageSet images;
  private final AugmentSpec augment;
  private final Normalization normalization;
  private final LoaderSpec spec;
  private final int epoch;
  private final int[] order;

  ViewSource(
      ImageSet images,
      AugmentSpec augment,
      Normalization normalization,
      LoaderSpec spec,
      int epoch) {
    this.images = images;
    this.augment = augment;
    this.normalization = normalization;
    this.spec = spec;
    this.epoch = epoch;
    this.order = EpochOrder.permutation(spec.seed(), epoch, images.size());
  }

  @Override
  public int batches() {
    return ViewLoader.batches(order.length, spec.batchSize());
  }

  @Override
  public int[] indices(int batch) {
    int from = batch * spec.batchSize();
    return Arrays.copyOfRange(order, from, from + spec.batchSize());
  }

  @Override
  public String id(int index) {
    return images.id(index);
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
    return (index, place, size, out) -> {
      RgbImage image = images.image(index);
      for (int view = 0; view < spec.views(); view++) {
        random.reset(spec.seed(), epoch, images.id(index), view);
        maker.write(image, random, normalization, out, (view * size + place) * floats);
      }
    };
  }
}
