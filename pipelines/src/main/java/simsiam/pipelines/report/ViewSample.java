package simsiam.pipelines.report;

import java.util.List;
import java.util.stream.IntStream;
import simsiam.model.augment.ViewMaker;
import simsiam.model.augment.ViewRandom;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;

/** An image and the augmented views training saw of it. */
public record ViewSample(RgbImage original, List<RgbImage> views) {
  public ViewSample {
    views = List.copyOf(views);
  }

  /**
   * An image with the views that training makes of it in an epoch.
   *
   * @param index of the image in its set
   * @param views of an image
   * @param epoch counted from 1
   */
  public static ViewSample of(
      ImageSet images, int index, ViewMaker maker, int views, long seed, int epoch) {
    RgbImage image = images.image(index);
    String id = images.id(index);
    return new ViewSample(
        image,
        IntStream.range(0, views)
            .mapToObj(view -> maker.view(image, new ViewRandom(seed, epoch, id, view)))
            .toList());
  }
}
