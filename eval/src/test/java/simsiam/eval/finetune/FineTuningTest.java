package simsiam.eval.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.Encoders;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.JitterSpec;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Arch;
import simsiam.model.net.Classifier;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.Stem;
import simsiam.model.net.Tensor;
import simsiam.model.train.FineTuner;
import simsiam.model.train.spec.FineTuneSpec;

class FineTuningTest {
  private static final int CLASSES = 8;
  private static final EncoderSpec ENCODER = new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false);
  private static final AugmentSpec AUGMENT =
      new AugmentSpec(
          8,
          List.of(0.5, 1.0),
          List.of(1.0, 1.0),
          0,
          new JitterSpec(0, 0, 0, 0, 0),
          0,
          new BlurSpec(0, List.of(1.0, 1.0)),
          List.of(0.0, 0.0, 0.0),
          List.of(1 / 255.0, 1 / 255.0, 1 / 255.0));

  /** Images of one grey, which is their index. */
  private record Greys(int size, List<Integer> labels) implements ImageSet {
    @Override
    public String id(int index) {
      return "grey" + index;
    }

    @Override
    public int label(int index) {
      return labels.get(index);
    }

    @Override
    public RgbImage image(int index) {
      byte[] pixels = new byte[3 * 64];
      Arrays.fill(pixels, (byte) index);
      return new RgbImage(8, 8, pixels);
    }
  }

  /** Its logits rank the classes from the image's grey upwards: grey, grey + 1, and so on. */
  private record Cyclic(Method method, SortedMap<String, Tensor> weights, List<String> log)
      implements TrainingNet {
    @Override
    public StepMetrics step(float[] views, int batch, int size, Rates rates) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, float[] given, Rates rates) {
      log.add("step of " + batch + " at " + rates.encoder() + ", head " + rates.predictor());
      return new StepMetrics(1.5, 0);
    }

    @Override
    public void predict(float[] images, int count, int size, float[] predictions) {
      for (int i = 0; i < count; i++) {
        int grey = Math.round(images[i * 3 * size * size]);
        for (int c = 0; c < CLASSES; c++) {
          predictions[i * CLASSES + c] = -Math.floorMod(c - grey, CLASSES);
        }
      }
    }

    @Override
    public void encode(float[] images, int count, int size, float[] features) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<String, Tensor> exportWeights() {
      return weights;
    }

    @Override
    public void importWeights(SortedMap<String, Tensor> other) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<String, Tensor> exportOptimizer() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void importOptimizer(SortedMap<String, Tensor> buffers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      log.add("closed");
    }
  }

  private record Recorder(List<String> log) implements Engine {
    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public String describe() {
      return "recorder";
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
      log.add("created with " + weights.get("fc.bias").shape()[0] + " classes");
      return new Cyclic(method, weights, log);
    }

    @Override
    public LinearAlgebra linearAlgebra() {
      return new JavaLinearAlgebra();
    }
  }

  @Test
  void theLastWeightsAreScoredOnEveryTestImage() {
    FineTuneSpec tuning = new FineTuneSpec(2, 16, 0.5, 4, 0.9, 0, List.of(1), 0.1, 1);
    FineTuner.Job job = new FineTuner.Job(ENCODER, CLASSES, AUGMENT, tuning, 7);
    List<String> log = new ArrayList<>();
    List<String> names = IntStream.range(0, CLASSES).mapToObj(c -> "class" + c).toList();
    // Of greys 0 to 5: right, second, fifth, sixth, last, right.
    ImageSet test = new Greys(6, List.of(0, 2, 6, 0, 3, 5));
    List<Integer> told = new ArrayList<>();

    FineTuningResult result =
        new FineTuning(new Recorder(log), job, names)
            .run(
                new TreeMap<>(),
                new Greys(10, List.of(0, 1, 2, 3, 4, 5, 6, 7, 0, 1)),
                0.1,
                test,
                4,
                epoch -> told.add(epoch.epoch()));

    assertThat(result.fraction()).isEqualTo(0.1);
    assertThat(result.images()).isEqualTo(10);
    assertThat(result.last().top1()).isCloseTo(100.0 * 2 / 6, within(1e-9));
    assertThat(result.last().top5()).isCloseTo(100.0 * 4 / 6, within(1e-9));
    assertThat(result.last().unlabelled()).isEqualTo(4);
    assertThat(result.last().confusion().count(2, 1)).as("grey 1 of class 2").isEqualTo(1);
    assertThat(result.history()).extracting(FineTuner.Epoch::top1).containsOnly(200.0 / 6);
    assertThat(told).containsExactly(1, 2);
    assertThat(log)
        .containsExactly(
            "created with 8 classes",
            "step of 10 at 0.5, head 4.0",
            "step of 10 at 0.05, head 0.4",
            "closed",
            "created with 8 classes",
            "closed");
    assertThat(Classifier.of(ENCODER, CLASSES).classes()).isEqualTo(CLASSES);
    assertThat(ENCODER.featureDim()).isEqualTo(Encoders.DIM);
  }
}
