package simsiam.model.engine.torch;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.ParameterSpec;

/**
 * Tensors of one element type on the device that lie one behind another in one flat tensor, so that
 * one operation does to all of them what would take one for each. They keep their place for life:
 * importing overwrites their values. Kernels of convolutions are stored channels-last. Those made
 * of the same specs lie in the same order.
 */
final class FlatTensors implements AutoCloseable {
  /** Values to whose multiples tensors start, since kernels want at least 16 bytes. */
  private static final int ALIGNMENT = 64;

  private final List<ParameterSpec> specs;
  private final Tensor flat;
  private final SortedMap<String, Tensor> views = new TreeMap<>();

  /** All zero, in float32. */
  FlatTensors(TorchRuntime runtime, List<ParameterSpec> specs) {
    this(runtime, specs, torch.ScalarType.Float);
  }

  /** All zero. */
  FlatTensors(TorchRuntime runtime, List<ParameterSpec> specs, torch.ScalarType type) {
    this.specs = List.copyOf(specs);
    flat =
        NativeScope.freeing(
            () -> runtime.toDevice(torch.zeros(aligned(this.specs)).to(type)).retainReference());
    long start = 0;
    for (ParameterSpec spec : this.specs) {
      views.put(spec.name(), view(spec, start));
      start += aligned(spec);
    }
  }

  private static long aligned(ParameterSpec spec) {
    return (spec.elements() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static long aligned(List<ParameterSpec> specs) {
    return specs.stream().mapToLong(FlatTensors::aligned).sum();
  }

  /** To autograd a tensor of its own: it may be a leaf. */
  private Tensor view(ParameterSpec spec, long start) {
    long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
    return NativeScope.freeing(
        () -> {
          Tensor values = flat.narrow(0, start, spec.elements());
          Tensor view =
              shape.length == 4
                  ? values.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2)
                  : values.view(shape);
          return view.variable_data().retainReference();
        });
  }

  List<ParameterSpec> specs() {
    return specs;
  }

  /** All of them, and zeros between them. */
  Tensor flat() {
    return flat;
  }

  /** The first of them, whose specs these are. Needs a pointer scope. */
  Tensor head(List<ParameterSpec> first) {
    return flat.narrow(0, 0, aligned(first));
  }

  /** The last of them, behind those whose specs these are. Needs a pointer scope. */
  Tensor behind(List<ParameterSpec> first) {
    long start = aligned(first);
    return flat.narrow(0, start, flat.numel() - start);
  }

  /** By name. */
  SortedMap<String, Tensor> views() {
    return Collections.unmodifiableSortedMap(views);
  }

  /**
   * The same values as leaves of their own, the caller's to close: what autograd finds for them it
   * adds to these gradients.
   */
  Map<String, Tensor> leaves(FlatTensors gradients) {
    Map<String, Tensor> leaves = new HashMap<>();
    NativeScope.evaluating(
        () ->
            views.forEach(
                (name, view) -> {
                  Tensor leaf = view.variable_data().retainReference();
                  leaf.set_requires_grad(true);
                  leaf.mutable_grad().put(gradients.views.get(name));
                  leaves.put(name, leaf);
                }));
    return leaves;
  }

  /** Takes over the values of others of the same specs, rounded to the type of these. */
  void round(FlatTensors exact) {
    NativeScope.evaluating(() -> flat.copy_(exact.flat));
  }

  /** Their values in the order of the checkpoint, whatever the order in which they are stored. */
  SortedMap<String, simsiam.model.net.Tensor> export() {
    SortedMap<String, simsiam.model.net.Tensor> values = new TreeMap<>();
    views.forEach(
        (name, view) ->
            values.put(
                name, new simsiam.model.net.Tensor(Transfer.shape(view), Transfer.toArray(view))));
    return values;
  }

  /** Overwrites all of them with the values of their names. */
  void overwrite(SortedMap<String, simsiam.model.net.Tensor> values) {
    views.forEach((name, view) -> Transfer.copy(values.get(name).data(), view));
  }

  @Override
  public void close() {
    views.values().forEach(Tensor::close);
    flat.close();
  }
}
