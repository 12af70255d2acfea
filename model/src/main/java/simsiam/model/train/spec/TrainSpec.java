package simsiam.model.train.spec;

import java.util.List;
import java.util.Set;
import simsiam.model.config.Checks;
import simsiam.model.config.Execution;
import simsiam.model.config.Neutral;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;

/**
 * Pre-training (paper §3 and Appendix D).
 *
 * @param precision of the step; {@link Precision#AUTO} becomes what it stands for
 * @param deterministic whether training on a CUDA device repeats bit for bit, at the price of the
 *     fastest algorithms; on the CPU it always does
 * @param batchSize N, images a step; the last, incomplete batch of an epoch is dropped
 * @param baseLr learning rate at batch 256; the rate used is {@code baseLr · batchSize / 256}
 * @param warmupEpochs epochs over which the encoder's rate rises linearly from 0
 * @param checkpointEveryEpochs epochs between checkpoints; the last epoch always has one
 * @param knnEveryEpochs epochs between kNN evaluations on the test split; 0: none
 * @param monitors what else is measured when kNN is, each once
 * @param stopOnCollapse whether an epoch flagged as collapsed ends training as failed
 * @param deviceCache whether the training set's pixels stay where the network makes its views
 * @param loaderThreads threads that make views; 0: one less than the machine's cores, at least one
 */
public record TrainSpec(
    EngineChoice engine,
    Device device,
    Precision precision,
    @Neutral("false") boolean deterministic,
    int epochs,
    int batchSize,
    double baseLr,
    int warmupEpochs,
    double momentum,
    double weightDecay,
    PredictorLr predictorLr,
    @Execution int checkpointEveryEpochs,
    @Execution int knnEveryEpochs,
    @Execution boolean stopOnCollapse,
    @Execution int loaderThreads,
    @Execution
        @Neutral(
            "[online_probe, rank_me, effective_rank, alpha_req, alignment, uniformity, spectrum]")
        List<Monitor> monitors,
    @Execution @Neutral("auto") DeviceCache deviceCache) {
  // Far above what anybody trains with, and low enough that no product of them overflows.
  private static final int MAX_EPOCHS = 1_000_000;
  private static final int MAX_BATCH_SIZE = 1_000_000;
  private static final int MAX_THREADS = 1024;
  private static final double MAX_RATE = 1e30;

  public TrainSpec {
    // Float32 is what accuracies are given for; bf16 is to be asked for until it is shown equal.
    precision = precision == Precision.AUTO ? Precision.FP32 : precision;
    monitors = monitors == null ? List.of() : List.copyOf(monitors); // older checkpoints have none
    deviceCache = deviceCache == null ? DeviceCache.AUTO : deviceCache; // older ones again
    new Checks()
        .atLeast("epochs", epochs, 1)
        .atMost("epochs", epochs, MAX_EPOCHS)
        .atLeast("batch_size", batchSize, 2)
        .atMost("batch_size", batchSize, MAX_BATCH_SIZE)
        .positive("base_lr", baseLr)
        .atMost("base_lr", baseLr, MAX_RATE)
        .atLeast("warmup_epochs", warmupEpochs, 0)
        .require(
            "warmup_epochs",
            warmupEpochs,
            warmupEpochs < epochs,
            "fewer than train.epochs (" + epochs + ")")
        .between("momentum", momentum, 0, 0.9999)
        .notNegative("weight_decay", weightDecay)
        .atMost("weight_decay", weightDecay, MAX_RATE)
        .atLeast("checkpoint_every_epochs", checkpointEveryEpochs, 1)
        .atLeast("knn_every_epochs", knnEveryEpochs, 0)
        .atLeast("loader_threads", loaderThreads, 0)
        .atMost("loader_threads", loaderThreads, MAX_THREADS)
        .require(
            "monitors",
            monitors,
            Set.copyOf(monitors).size() == monitors.size(),
            "each monitor at most once")
        .done();
  }

  /** The learning rate after linear scaling with the batch size (paper §3). */
  public double scaledLr() {
    return baseLr * batchSize / 256;
  }
}
