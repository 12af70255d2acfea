package simsiam.pipelines.bench.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.bench.LoaderBenchmark;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.FileTree;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.model.load.ImageSet;
import simsiam.pipelines.bench.measure.PythonPeer;
import simsiam.pipelines.bench.measure.Rounds;

/**
 * Views of a core beside those of torchvision's transforms (v2, on PIL images and on uint8 tensors)
 * over the same images, turn by turn.
 *
 * @param jpeg whether images are JPEG files that are decoded for each pair of views
 * @param time of a turn
 */
record ViewsComparison(boolean jpeg, Duration time, int rounds) {
  static final String OURS = "ours";
  private static final List<String> BACKENDS = List.of("pil", "tensor");

  Rounds run(String python, ImageSet images, LoaderBenchmark ours, AugmentSpec augment)
      throws IOException {
    Path work = Files.createTempDirectory("simsiam-bench-");
    try {
      Path parameters = work.resolve("parameters.json");
      Path place = jpeg ? writeJpegs(images, work) : writePixels(images, work);
      CanonicalJson.write(
          parameters,
          Map.of(
              "jpeg",
              jpeg,
              "images",
              place.toString(),
              "side",
              images.image(0).width(),
              "augment",
              augment));
      try (PythonPeer peer = PythonPeer.start(python, "views.py", work, parameters.toString())) {
        return measure(peer, ours);
      }
    } finally {
      FileTree.delete(work);
    }
  }

  private Rounds measure(PythonPeer peer, LoaderBenchmark ours) throws IOException {
    Rounds result = new Rounds();
    for (int round = -1; round < rounds; round++) { // the first warms up
      Rounds into = round < 0 ? new Rounds() : result;
      into.add(OURS, ours.core(time));
      for (String backend : BACKENDS) {
        var turn = peer.turn(String.format(Locale.ROOT, "%s %.2f", backend, time.toMillis() / 1e3));
        into.add(
            "torchvision " + backend,
            turn.get("views").asDouble() / turn.get("cpu_seconds").asDouble());
      }
    }
    return result;
  }

  private static Path writePixels(ImageSet images, Path work) throws IOException {
    Path file = work.resolve("images.raw");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < images.size(); i++) {
        out.write(images.image(i).pixels());
      }
    }
    return file;
  }

  private static Path writeJpegs(ImageSet images, Path work) throws IOException {
    Path folder = Files.createDirectory(work.resolve("images"));
    for (int i = 0; i < images.size(); i++) {
      Files.write(
          folder.resolve(String.format(Locale.ROOT, "%06d.jpg", i)),
          ImageEncoder.jpeg(images.image(i)));
    }
    return folder;
  }
}
