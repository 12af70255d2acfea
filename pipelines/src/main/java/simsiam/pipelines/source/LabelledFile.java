package simsiam.pipelines.source;

import simsiam.model.data.ImageExample;

/** An image file and its class index, or -1. */
record LabelledFile(ImageFile file, int label) {
  static LabelledFile unlabelled(ImageFile file) {
    return new LabelledFile(file, ImageExample.UNKNOWN_LABEL);
  }
}
