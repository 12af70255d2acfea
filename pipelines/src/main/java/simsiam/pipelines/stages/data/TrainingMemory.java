package simsiam.pipelines.stages.data;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import simsiam.model.config.Violation;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.Targets;
import simsiam.model.train.Pretrainer;
import simsiam.pipelines.config.RunConfig;

/**
 * What pre-training takes at the very least, whatever the engine: a configuration that asks for
 * more than there is would fail after the data stages. Activations, which engines keep in their own
 * ways, are left out, so that nothing is refused that could work; what is counted is float32 in
 * every precision.
 *
 * @param parameters bytes of the initial weights, which are arrays of the heap
 * @param views bytes of the batches that are made ahead, arrays of the heap too
 */
public record TrainingMemory(long parameters, long views) {
  /** Weights, gradients and momentum. */
  private static final int COPIES = 3;

  private static final int BATCHES = 3;
  private static final double GIB = 1 << 30;

  public static TrainingMemory of(RunConfig config) {
    long values =
        NetworkLayout.of(config.network()).parameters().stream()
            .mapToLong(ParameterSpec::elements)
            .sum();
    long size = config.augment().cropSize();
    long images = (long) Method.of(config.network()).views() * config.train().batchSize();
    return new TrainingMemory(
        Float.BYTES * values, BATCHES * images * 3 * size * size * Float.BYTES);
  }

  /**
   * What does not fit.
   *
   * @param heap bytes that this process's heap may have
   * @param machine bytes of the machine, or of the container
   */
  List<Violation> violations(RunConfig config, long heap, long machine) {
    if (COPIES * parameters > machine || parameters > heap) {
      boolean head = config.projector().dim() > config.encoder().width() * 32L;
      String key = head ? "projector.dim" : "encoder.width";
      int value = head ? config.projector().dim() : config.encoder().width();
      return List.of(
          new Violation(
              key,
              String.valueOf(value),
              "less, as the network's weights take %s of the heap's %s, and with gradients and momentum %s of the machine's %s"
                  .formatted(gib(parameters), gib(heap), gib(COPIES * parameters), gib(machine))));
    }
    if (views > heap) {
      return List.of(
          new Violation(
              "train.batch_size",
              String.valueOf(config.train().batchSize()),
              "less, as three batches of views (augment.crop_size %s) take %s of the heap's %s"
                  .formatted(config.augment().cropSize(), gib(views), gib(heap))));
    }
    return List.of();
  }

  /** The same on this machine. */
  public List<Violation> violations(RunConfig config) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long machine = system.getTotalMemorySize() + system.getTotalSwapSpaceSize();
    return violations(config, Runtime.getRuntime().maxMemory(), machine);
  }

  /**
   * Whether the heap holds the targets that are made before their steps (paper §5.2).
   *
   * @param images in the training set
   */
  static List<Violation> ofTargets(RunConfig config, long images, long heap) {
    long bytes = Pretrainer.targetBytes(config.network(), config.train(), images);
    if (bytes <= heap) {
      return List.of();
    }
    ObjectiveSpec objective = config.objective();
    String take = "as targets of the %s training images take %s of the heap's %s";
    return List.of(
        objective.targets() == Targets.STEPS
            ? new Violation(
                "objective.target_steps",
                String.valueOf(objective.targetSteps()),
                "fewer, " + take.formatted(images, gib(bytes), gib(heap)))
            : new Violation(
                "objective.targets",
                objective.targets().name().toLowerCase(Locale.ROOT),
                "other ones, " + take.formatted(images, gib(bytes), gib(heap))));
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}
