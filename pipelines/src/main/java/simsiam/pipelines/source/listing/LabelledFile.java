package simsiam.pipelines.source.listing;

import simsiam.model.data.ImageExample;

/** An image file and its class index, or -1. */
public record LabelledFile(ImageFile file, int label) {
  public static LabelledFile unlabelled(ImageFile file) {
    return new LabelledFile(file, ImageExample.UNKNOWN_LABEL);
  }
}
