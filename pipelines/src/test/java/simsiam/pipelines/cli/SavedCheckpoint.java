package simsiam.pipelines.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.NetworkSpec;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.TrainingState;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;

/** Checkpoints of small networks, as training leaves them. */
final class SavedCheckpoint {
  private static final RunConfig CONFIG =
      new ConfigLoader(Optional.empty())
          .load(
              Path.of("..", "conf", "base.yaml"),
              List.of(
                  "encoder.arch=resnet18",
                  "encoder.width=4",
                  "projector.dim=8",
                  "predictor.hidden=4",
                  "augment.mean=[0.1, 0.2, 0.3]",
                  "augment.std=[0.4, 0.5, 0.6]"))
          .config();

  private SavedCheckpoint() {}

  /** ResNet-18 of width 4 with the CIFAR stem. */
  static NetworkSpec network() {
    return CONFIG.network();
  }

  /** The checkpoint {@code step-00000040} in {@code folder/checkpoints}. */
  static Checkpoint save(Path folder, TrainingNet net) {
    TrainingState state =
        new TrainingState(
            2,
            0,
            40,
            0,
            0,
            3,
            network(),
            CONFIG.augment(),
            CONFIG.train(),
            "none",
            List.of(),
            List.of());
    return Checkpoint.save(folder.resolve("checkpoints"), state, net);
  }
}
