package simsiam.model.engine.torch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import simsiam.model.engine.TensorCheck;
import simsiam.model.net.ParameterSpec;

/**
 * The tensors of a network by name; of the trained ones also their gradients, to which autograd
 * adds, and the optimiser's momentum.
 */
final class TorchParameters implements AutoCloseable {
  private final List<ParameterSpec> layout;
  private final List<FlatTensors> owned = new ArrayList<>();
  private final FlatTensors trained;
  private final FlatTensors gradients;
  private final FlatTensors momentum;
  private final FlatTensors constant;
  private final Map<String, Tensor> tensors = new HashMap<>();

  /** All zero. */
  TorchParameters(TorchRuntime runtime, List<ParameterSpec> layout) {
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
    } catch (RuntimeException | Error e) { // no memory for one more
      close();
      throw e;
    }
    tensors.putAll(trained.views());
    tensors.putAll(constant.views());
    NativeScope.evaluating(
        () ->
            trained
                .views()
                .forEach(
                    (name, leaf) -> {
                      leaf.set_requires_grad(true);
                      leaf.mutable_grad().put(gradients.views().get(name));
                    }));
  }

  private FlatTensors own(FlatTensors tensors) {
    owned.add(tensors);
    return tensors;
  }

  Tensor get(String name) {
    return tensors.get(name);
  }

  Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
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
  }

  void importMomentum(SortedMap<String, simsiam.model.net.Tensor> values) {
    TensorCheck.check("momentum", momentum.specs(), values);
    momentum.overwrite(values);
  }

  @Override
  public void close() {
    owned.forEach(FlatTensors::close);
  }
}
