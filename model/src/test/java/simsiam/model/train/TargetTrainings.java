package simsiam.model.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.JitterSpec;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.StepMetrics;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Targets;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.EngineChoice;
import simsiam.model.train.spec.PredictorLr;
import simsiam.model.train.spec.TrainSpec;

/** Small trainings whose targets are made before their steps. */
final class TargetTrainings {
  static final StepMetrics HEALTHY = new StepMetrics(-0.5, 0.25);
  static final int D = 16;
  static final int BATCH = 4;
  static final int IMAGES = 22; // five batches, two images left over
  static final int EPOCHS = 3;

  private TargetTrainings() {}

  static ObjectiveSpec objective(Targets targets, int steps, double momentum) {
    return new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC, targets, steps, momentum);
  }

  /** Everything but blur, for images of a few pixels. */
  static AugmentSpec augment() {
    return new AugmentSpec(
        8,
        List.of(0.2, 1.0),
        List.of(0.75, 1.3333),
        0.5,
        new JitterSpec(0.8, 0.4, 0.4, 0.4, 0.1),
        0.2,
        new BlurSpec(0, List.of(0.1, 2.0)),
        List.of(0.5, 0.5, 0.5),
        List.of(0.25, 0.25, 0.25));
  }

  static Pretrainer.Job job(ObjectiveSpec objective, PredictorKind predictor, int epochs) {
    NetworkSpec network =
        new NetworkSpec(
            new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false),
            new ProjectorSpec(2, D, true, true, true),
            new PredictorSpec(predictor, 4, true, false),
            objective);
    TrainSpec train =
        new TrainSpec(
            EngineChoice.AUTO,
            Device.AUTO,
            Precision.FP32,
            false,
            epochs,
            BATCH,
            1.0,
            0,
            0.9,
            1e-4,
            PredictorLr.CONSTANT,
            1,
            0,
            false,
            2,
            List.of(),
            DeviceCache.AUTO);
    return new Pretrainer.Job(network, augment(), train, 5);
  }

  /** Random images, dark or bright. */
  private record Images(int size) implements ImageSet {
    @Override
    public String id(int index) {
      return "image-" + index;
    }

    @Override
    public int label(int index) {
      return -1;
    }

    @Override
    public RgbImage image(int index) {
      SplittableRandom random = new SplittableRandom(index);
      byte[] pixels = new byte[8 * 8 * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (random.nextInt(128) + index % 2 * 127);
      }
      return new RgbImage(8, 8, pixels);
    }
  }

  static ImageSet images() {
    return new Images(IMAGES);
  }

  static Pretrainer pretrainer(
      Engine engine, Pretrainer.Job job, Path folder, BooleanSupplier stop) {
    return new Pretrainer(
        engine,
        job,
        images(),
        new Pretrainer.Folders(folder, folder.resolve("aside")),
        net -> Map.of(),
        event -> {},
        stop);
  }
}
