package simsiam.pipelines.report;

import java.util.List;
import simsiam.model.image.RgbImage;

/** An image and the augmented views training saw of it. */
public record ViewSample(RgbImage original, List<RgbImage> views) {
  public ViewSample {
    views = List.copyOf(views);
  }
}
