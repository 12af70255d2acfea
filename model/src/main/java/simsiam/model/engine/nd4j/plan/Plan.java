package simsiam.model.engine.nd4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.model.net.Method;
import simsiam.model.net.Network;

/**
 * How a network runs on one batch and image size: what is computed in which order, and which maps
 * lie where. Made once, before any memory is taken.
 *
 * @param steps the forward pass; the backward pass is their {@link Gradients} from last to first
 * @param values what is read and made, by name, and the buffer that it lies in
 * @param outputGradients where the loss leaves its gradients by outputs of the network, by name
 * @param storages buffers that share memory, as no two of them are wanted at one time
 */
public record Plan(
    List<Step> steps,
    Map<String, Buffer> values,
    Map<String, Buffer> outputGradients,
    List<List<Buffer>> storages) {

  /**
   * One layer.
   *
   * @param input what it reads; of two operands of a sum the first
   * @param shortcut the second operand
   * @param gradients empty if there is no backward pass, or none through this layer
   */
  public record Step(
      Layer layer,
      Buffer input,
      Optional<Buffer> shortcut,
      Buffer output,
      Optional<Gradients> gradients) {}

  /**
   * The backward pass of one layer.
   *
   * @param sums what is to be added up before it
   * @param output the gradient of what the layer makes, the sum of one or two maps
   * @param input where that of what it reads goes, which may lie over that; empty if not wanted
   * @param shortcut the same of a scaled second operand; a plain one's gradient is {@code
   *     output.get(0)}, where the layer leaves the sum, masked by its ReLU
   * @param addToInput whether that of the input is added to what is there
   */
  public record Gradients(
      List<Sum> sums,
      List<Buffer> output,
      Optional<Buffer> input,
      Optional<Buffer> shortcut,
      boolean addToInput) {}

  /** {@code into += added}. */
  public record Sum(Buffer into, Buffer added) {}

  /**
   * Forward and backward pass of a method.
   *
   * @param batch N, images
   * @param size S, pixels a side
   * @param maps how the maps that convolutions read and make are stored, and what is between them;
   *     features and the heads' rows are float32
   */
  public static Plan training(Method method, int batch, int size, ElementType maps) {
    return Planner.training(method, batch, size, maps);
  }

  /**
   * The forward pass of a network in eval mode.
   *
   * @param batch images at a time
   * @param grids for each node that is tapped the cells a side of the grid that it is pooled to;
   *     the result, float32, is found under {@link #tap}
   * @param maps as in {@link #training}
   */
  public static Plan evaluation(
      Network network, int batch, int size, Map<String, Integer> grids, ElementType maps) {
    return Planner.evaluation(network, batch, size, grids, maps);
  }

  /** The name of what a tapped node is pooled to. */
  public static String tap(String node) {
    return node + " pooled";
  }

  /** Floats of one storage: its largest buffer's. */
  public static long size(List<Buffer> storage) {
    return storage.stream().mapToLong(Buffer::floats).max().orElseThrow();
  }

  /**
   * Puts buffers that are never wanted at one time into one storage: the largest first, each into
   * the smallest storage that has room for it.
   */
  static List<List<Buffer>> share(List<Buffer> buffers) {
    List<Buffer> largestFirst = new ArrayList<>(buffers);
    largestFirst.sort(
        Comparator.<Buffer>comparingLong(buffer -> -buffer.floats())
            .thenComparingInt(Buffer::first));
    List<List<Buffer>> storages = new ArrayList<>(); // the smallest at the end
    for (Buffer buffer : largestFirst) {
      int at = storages.size() - 1;
      while (at >= 0 && storages.get(at).stream().anyMatch(buffer::meets)) {
        at--;
      }
      if (at >= 0) {
        storages.get(at).add(buffer);
      } else {
        storages.add(new ArrayList<>(List.of(buffer)));
      }
    }
    return storages;
  }
}
