package simsiam.model.engine.torch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.Precision;
import simsiam.model.engine.TensorCheck;
import simsiam.model.net.ParameterSpec;

/**
 * The tensors of a network by name, in float32; of the trained ones also their gradients, to which
 * autograd adds, and the optimiser's momentum. In bf16 there is one rounded copy of all, which
 * convolutions and linear layers read, and for each view a gradient of its own: summed over views
 * in bf16 they would be rounded once more.
 */
final class TorchParameters implements AutoCloseable {
  private final List<ParameterSpec> layout;
  private final List<FlatTensors> owned = new ArrayList<>();
  private final List<Tensor> leaves = new ArrayList<>();
  private final FlatTensors trained;
  private final FlatTensors gradients;
  private final FlatTensors momentum;
  private final FlatTensors constant;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Optional<Rounded> rounded;

  /** What is there in bf16 alone, each in the order of the exact ones. */
  private record Rounded(
      FlatTensors trained,
      FlatTensors constant,
      List<FlatTensors> gradients,
      List<Map<String, Tensor>> views) {}

  /**
   * All zero.
   *
   * @param views of a step
   */
  TorchParameters(TorchRuntime runtime, List<ParameterSpec> layout, int views) {
    this.layout = List.copyOf(layout);
    List<ParameterSpec> moved =
        layout.stream()
            .filter(ParameterSpec::trained)
            .sorted(Comparator.comparing(ParameterSpec::predictor))
            .toList();
    List<ParameterSpec> others = layout.stream().filter(spec -> !spec.trained()).toList();
    try {
      trained = own(new FlatTensors(runtime, moved));
      gradients = own(new FlatTensors(runtime, moved));
      momentum = own(new FlatTensors(runtime, moved));
      constant = own(new FlatTensors(runtime, others));
      tensors.putAll(own(trained.leaves(gradients)));
      tensors.putAll(constant.views());
      rounded =
          runtime.precision() == Precision.BF16
              ? Optional.of(rounded(runtime, moved, others, views))
              : Optional.empty();
    } catch (RuntimeException | Error e) { // no memory for one more
      close();
      throw e;
    }
  }

  private Rounded rounded(
      TorchRuntime runtime, List<ParameterSpec> moved, List<ParameterSpec> others, int count) {
    torch.ScalarType type = torch.ScalarType.BFloat16;
    FlatTensors copy = own(new FlatTensors(runtime, moved, type));
    FlatTensors fixed = own(new FlatTensors(runtime, others, type));
    List<FlatTensors> found = new ArrayList<>();
    List<Map<String, Tensor>> views = new ArrayList<>();
    for (int view = 0; view < count; view++) {
      found.add(own(new FlatTensors(runtime, moved, type)));
      Map<String, Tensor> read = own(copy.leaves(found.get(view)));
      read.putAll(fixed.views());
      views.add(read);
    }
    return new Rounded(copy, fixed, found, views);
  }

  private FlatTensors own(FlatTensors made) {
    owned.add(made);
    return made;
  }

  private Map<String, Tensor> own(Map<String, Tensor> made) {
    leaves.addAll(made.values());
    return made;
  }

  Tensor get(String name) {
    return tensors.get(name);
  }

  Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** A weight or bias as convolutions and linear layers read it of a view. */
  Tensor multiplied(String name, int view) {
    return rounded.map(all -> all.views().get(view)).orElse(tensors).get(name);
  }

  /** The tensors that the optimiser moves, those of the predictor last. */
  FlatTensors trained() {
    return trained;
  }

  /** Of the trained tensors, each at its name. */
  FlatTensors gradients() {
    return gradients;
  }

  /** Of the trained tensors, each at its name. */
  FlatTensors momentum() {
    return momentum;
  }

  /** Before a step. */
  void clearGradients() {
    gradients.flat().zero_();
    rounded.ifPresent(all -> all.gradients().forEach(view -> view.flat().zero_()));
  }

  /** Adds what was found in bf16 to the gradients. Needs a pointer scope, and recording off. */
  void gatherGradients() {
    rounded.ifPresent(all -> all.gradients().forEach(view -> gradients.flat().add_(view.flat())));
  }

  /** After trained tensors were moved. */
  void roundTrained() {
    rounded.ifPresent(all -> all.trained().round(trained));
  }

  /**
   * Runs work in whose course running statistics move, and puts them back. Needs a pointer scope.
   */
  void keepingStatistics(Runnable work) {
    Tensor kept = constant.flat().clone();
    try {
      work.run();
    } finally {
      constant.flat().copy_(kept);
    }
  }

  SortedMap<String, simsiam.model.net.Tensor> exportWeights() {
    SortedMap<String, simsiam.model.net.Tensor> values = trained.export();
    values.putAll(constant.export());
    return values;
  }

  void importWeights(SortedMap<String, simsiam.model.net.Tensor> values) {
    TensorCheck.check("weights", layout, values);
    trained.overwrite(values);
    constant.overwrite(values);
    roundTrained();
    rounded.ifPresent(all -> all.constant().round(constant));
  }

  void importMomentum(SortedMap<String, simsiam.model.net.Tensor> values) {
    TensorCheck.check("momentum", momentum.specs(), values);
    momentum.overwrite(values);
  }

  @Override
  public void close() {
    leaves.forEach(Tensor::close);
    owned.forEach(FlatTensors::close);
  }
}
