package simsiam.model.engine.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.TensorCheck;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.ParameterSpec;

/**
 * The tensors of a network on the device by name, and the momentum buffers of the trained ones.
 * They keep their place for life: importing overwrites their values. Convolution weights are stored
 * channels-last.
 */
final class TorchWeights implements AutoCloseable {
  private final NetworkLayout layout;
  private final SortedMap<String, Tensor> tensors = new TreeMap<>();
  private final List<Trained> trained = new ArrayList<>();
  private final TensorVector trainedVector = new TensorVector();

  /** A tensor that the optimiser moves, with its heavy-ball buffer. */
  record Trained(ParameterSpec spec, Tensor weight, Tensor momentum) {}

  TorchWeights(TorchRuntime runtime, NetworkLayout layout) {
    this.layout = layout;
    try {
      layout.parameters().forEach(spec -> add(runtime, spec));
    } catch (RuntimeException | Error e) { // no memory for one more
      close();
      throw e;
    }
  }

  private void add(TorchRuntime runtime, ParameterSpec spec) {
    Tensor tensor = zeros(runtime, spec);
    tensors.put(spec.name(), tensor);
    if (spec.trained()) {
      tensor.set_requires_grad(true);
      trained.add(new Trained(spec, tensor, zeros(runtime, spec)));
      trainedVector.push_back(tensor);
    }
  }

  private static Tensor zeros(TorchRuntime runtime, ParameterSpec spec) {
    long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
    return NativeScope.freeing(
        () -> {
          Tensor zeros = runtime.toDevice(torch.zeros(shape));
          return (shape.length == 4 ? zeros.contiguous(torch.MemoryFormat.ChannelsLast) : zeros)
              .retainReference();
        });
  }

  Tensor get(String name) {
    return tensors.get(name);
  }

  Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  List<Trained> trained() {
    return trained;
  }

  /** The trained tensors in the order of {@link #trained()}. */
  TensorVector trainedVector() {
    return trainedVector;
  }

  SortedMap<String, simsiam.model.net.Tensor> exportWeights() {
    return export(tensors);
  }

  void importWeights(SortedMap<String, simsiam.model.net.Tensor> values) {
    TensorCheck.check("weights", layout.parameters(), values);
    overwrite(tensors, values);
  }

  SortedMap<String, simsiam.model.net.Tensor> exportMomentum() {
    return export(momentum());
  }

  void importMomentum(SortedMap<String, simsiam.model.net.Tensor> values) {
    TensorCheck.check("momentum", trained.stream().map(Trained::spec).toList(), values);
    overwrite(momentum(), values);
  }

  private Map<String, Tensor> momentum() {
    return trained.stream().collect(Collectors.toMap(t -> t.spec().name(), Trained::momentum));
  }

  private static SortedMap<String, simsiam.model.net.Tensor> export(Map<String, Tensor> from) {
    SortedMap<String, simsiam.model.net.Tensor> values = new TreeMap<>();
    from.forEach(
        (name, tensor) -> {
          float[] data = Transfer.toArray(tensor);
          values.put(name, new simsiam.model.net.Tensor(Transfer.shape(tensor), data));
        });
    return values;
  }

  private static void overwrite(
      Map<String, Tensor> targets, SortedMap<String, simsiam.model.net.Tensor> values) {
    values.forEach((name, value) -> Transfer.copy(value.data(), targets.get(name)));
  }

  @Override
  public void close() {
    trainedVector.close();
    tensors.values().forEach(Tensor::close);
    trained.forEach(t -> t.momentum().close());
  }
}
