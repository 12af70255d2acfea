package simsiam.pipelines.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.ViewMaker;
import simsiam.model.data.Manifest;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImagePreview;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ImageSets;
import simsiam.pipelines.preprocess.Reject;
import simsiam.pipelines.report.CaptionedImage;
import simsiam.pipelines.report.ContactSheets;
import simsiam.pipelines.report.ViewSample;

/**
 * Draws sheets of a data set's images.
 *
 * @param count images of a sheet, at most
 * @param seed of the choice
 */
public record Sheets(PreparedDataset dataset, int count, long seed) {
  private static final int GREY = 96;

  /** Random images of a split under their classes. */
  public void examples(Path png, String split) {
    Manifest manifest = dataset.manifest();
    ImageSet images = ImageSets.unverified(dataset.shards(), manifest, split);
    List<CaptionedImage> chosen = new ArrayList<>();
    for (int index : choose(images.size())) {
      int label = images.label(index);
      String caption = label < 0 ? images.id(index) : manifest.labelSpace().names().get(label);
      chosen.add(new CaptionedImage(images.image(index), caption));
    }
    String title = "%s of %s images of %s".formatted(chosen.size(), images.size(), split);
    ContactSheets.images(png, title, chosen);
  }

  /**
   * Images that could not be used, as far as they can be seen, under the reason; false if the bytes
   * of none are at hand. Those of which nothing can be decoded are grey.
   */
  public boolean rejects(Path png) throws IOException {
    List<Reject> all = dataset.rejects();
    List<CaptionedImage> shown = new ArrayList<>();
    for (int index : choose(all.size())) {
      Reject reject = all.get(index);
      Optional<byte[]> bytes = bytes(reject);
      if (bytes.isPresent()) {
        RgbImage image = ImagePreview.of(bytes.get()).orElseGet(Sheets::grey);
        shown.add(new CaptionedImage(image, reject.reason() + " " + reject.id()));
      }
    }
    if (!shown.isEmpty()) {
      ContactSheets.images(png, "%s of %s rejects".formatted(shown.size(), all.size()), shown);
    }
    return !shown.isEmpty();
  }

  /** Files of an image folder are still where they were; records of archives are not looked for. */
  private static Optional<byte[]> bytes(Reject reject) throws IOException {
    Path file = Path.of(reject.source()).resolve(reject.id());
    return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
  }

  private static RgbImage grey() {
    byte[] pixels = new byte[3 * GREY * GREY];
    Arrays.fill(pixels, (byte) 0xC8);
    return new RgbImage(GREY, GREY, pixels);
  }

  /**
   * Random train images with the views that training makes of them.
   *
   * @param augment with mean and deviation filled in
   * @param views of an image
   * @param trainSeed the run's seed
   * @param epoch counted from 1
   */
  public void views(Path png, AugmentSpec augment, int views, long trainSeed, int epoch) {
    ImageSet images = ImageSets.unverified(dataset.shards(), dataset.manifest(), "train");
    ViewMaker maker = new ViewMaker(augment);
    ContactSheets.views(
        png,
        choose(images.size()).stream()
            .map(index -> ViewSample.of(images, index, maker, views, trainSeed, epoch))
            .toList());
  }

  /** In ascending order, so that each row group is read once. */
  private List<Integer> choose(int size) {
    List<Integer> indices = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    Collections.shuffle(indices, new Random(seed));
    return indices.subList(0, Math.min(count, size)).stream().sorted().toList();
  }
}
