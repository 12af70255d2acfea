package simsiam.model.train;

import java.util.Locale;
import java.util.Optional;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.nd4j.Nd4jOpsEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.train.spec.EngineChoice;
import simsiam.model.train.spec.TrainSpec;

/**
 * The engine of a run and why it was chosen.
 *
 * @param reason in words that follow the engine's name
 */
public record EngineSelection(Engine engine, String reason) {

  /**
   * {@code auto} takes libtorch where it finds a CUDA device that it can use, else ND4J on CUDA
   * where it has code for the device, else ND4J on the CPU.
   *
   * @throws IllegalArgumentException if the engine asked for cannot do what the other keys ask
   * @throws IllegalStateException if it cannot run in this build or on this machine
   */
  public static EngineSelection of(TrainSpec train) {
    return of(train.engine(), train.device(), train.precision(), train.deterministic());
  }

  /** The same by three of the keys that decide, the bits of a CUDA device being left open. */
  public static EngineSelection of(EngineChoice engine, Device device, Precision precision) {
    return of(engine, device, precision, false);
  }

  private static EngineSelection of(
      EngineChoice engine, Device device, Precision precision, boolean deterministic) {
    TorchSettings torch = new TorchSettings(device, precision, 0, deterministic, 0);
    return switch (engine) {
      case TORCH ->
          new EngineSelection(
              new TorchEngine(torch), "train.engine is torch" + slowness(device, precision));
      case ND4J -> nd4j(device, precision);
      case AUTO -> auto(torch);
    };
  }

  private static EngineSelection auto(TorchSettings torch) {
    Device device = torch.device();
    Precision precision = torch.precision();
    if (device.isCpu()) {
      return new EngineSelection(host(precision), "train.device is cpu");
    }
    // Asked first, as it sends to the log what JavaCPP would print when libtorch is looked for.
    boolean hasCuda = Nd4jOpsEngine.hasCuda();
    Optional<String> problem = TorchEngine.cudaProblem();
    if (problem.isEmpty()) {
      return new EngineSelection(new TorchEngine(torch), "libtorch finds a CUDA device");
    }
    Optional<String> other = Nd4jOpsEngine.cudaProblem();
    if (other.isEmpty()) {
      requireFirst(device);
      return new EngineSelection(cuda(precision), "ND4J finds a CUDA device, and " + problem.get());
    }
    if (device.isCuda()) {
      throw new IllegalStateException(
          "Cannot train on CUDA: expected a CUDA device and a build with -Ptorch-cuda, or with"
              + " -Pnd4j-cuda for compute capability %s, got none (train.device is %s, train.engine"
                  .formatted(Nd4jOpsEngine.CAPABILITIES, device)
              + " is auto; %s; %s)".formatted(problem.get(), other.get()));
    }
    // A build without ND4J for CUDA was not meant to use it.
    String reason = hasCuda ? problem.get() + "; " + other.get() : problem.get();
    return new EngineSelection(host(precision), reason);
  }

  private static EngineSelection nd4j(Device device, Precision precision) {
    String asked = "train.engine is nd4j";
    if (device.isCpu() || (!device.isCuda() && !Nd4jOpsEngine.hasCuda())) {
      return new EngineSelection(host(precision), asked);
    }
    Optional<String> problem = Nd4jOpsEngine.cudaProblem();
    if (problem.isEmpty()) {
      requireFirst(device);
      return new EngineSelection(cuda(precision), asked);
    }
    if (device.isCuda()) {
      throw new IllegalStateException(
          "Cannot train on CUDA: expected a build with -Pnd4j-cuda and a CUDA device of compute"
              + " capability %s, got none (train.engine is nd4j, train.device is %s, and %s);"
                  .formatted(Nd4jOpsEngine.CAPABILITIES, device, problem.get())
              + " train.device=cpu trains on the CPU, train.engine=torch with -Ptorch-cuda on newer"
              + " devices");
    }
    return new EngineSelection(host(precision), asked + "; " + problem.get());
  }

  /** ND4J's backend takes the first device that it sees. */
  private static void requireFirst(Device device) {
    if (device.index() > 0) {
      throw new IllegalArgumentException(
          "Cannot train: expected train.device cuda of the nd4j engine, got %s (CUDA_VISIBLE_DEVICES says which device it sees)"
              .formatted(device));
    }
  }

  /** A warning where libtorch computes in bf16 without instructions for it. */
  private static String slowness(Device device, Precision precision) {
    boolean onCpu = device.isCpu() || TorchEngine.cudaProblem().isPresent();
    return precision == Precision.BF16 && onCpu
        ? Nd4jEngine.bfloat16Problem().map(problem -> "; the processor is " + problem).orElse("")
        : "";
  }

  private static Engine host(Precision precision) {
    return new Nd4jEngine(precision);
  }

  private static Engine cuda(Precision precision) {
    requireFp32(precision);
    return Nd4jOpsEngine.cuda();
  }

  private static void requireFp32(Precision precision) {
    if (precision != Precision.FP32) {
      throw new IllegalArgumentException(
          "Cannot train: expected train.precision fp32 of the nd4j engine on CUDA, got "
              + precision.name().toLowerCase(Locale.ROOT));
    }
  }
}
