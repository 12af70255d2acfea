package simsiam.pipelines.report;

import simsiam.model.image.RgbImage;

/** An image and a line about it. */
public record CaptionedImage(RgbImage image, String caption) {}
