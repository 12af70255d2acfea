package simsiam.model.engine.nd4j.kernels;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import simsiam.model.engine.TensorCheck;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.Tensor;

/**
 * All tensors of a network in one flat array, with gradients and momentum in two more of the same
 * order: first what the optimiser trains in the encoder, then in the predictor, then the rest
 * (running statistics, a fixed predictor).
 */
public final class Parameters implements AutoCloseable {
  /** Every tensor starts on a cache line. */
  private static final int ALIGNMENT = 16;

  private final NetworkLayout layout;
  private final Map<String, Parameter> byName = new LinkedHashMap<>();
  private final NativeArray weights;
  private final NativeArray gradients;
  private final NativeArray momentum;
  private final int encoderEnd;
  private final int predictorEnd;

  public Parameters(NetworkLayout layout) {
    this.layout = layout;
    List<ParameterSpec> encoder = select(layout, p -> p.trained() && !p.predictor());
    List<ParameterSpec> predictor = select(layout, p -> p.trained() && p.predictor());
    List<ParameterSpec> rest = select(layout, p -> !p.trained());
    encoderEnd = size(encoder);
    predictorEnd = encoderEnd + size(predictor);
    int total = Math.max(1, predictorEnd + size(rest));
    List<NativeArray> made = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        made.add(new NativeArray(total));
      }
    } catch (RuntimeException | Error e) {
      made.forEach(NativeArray::close);
      throw e;
    }
    weights = made.get(0);
    gradients = made.get(1);
    momentum = made.get(2);
    List<ParameterSpec> ordered = new ArrayList<>(encoder);
    ordered.addAll(predictor);
    ordered.addAll(rest);
    int offset = 0;
    for (ParameterSpec spec : ordered) {
      byName.put(spec.name(), new Parameter(spec, offset, weights, gradients, momentum));
      offset += padded(spec);
    }
  }

  private static List<ParameterSpec> select(NetworkLayout layout, Predicate<ParameterSpec> part) {
    return layout.parameters().stream().filter(part).toList();
  }

  private static int size(List<ParameterSpec> specs) {
    return specs.stream().mapToInt(Parameters::padded).reduce(0, Math::addExact);
  }

  private static int padded(ParameterSpec spec) {
    return (spec.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  public Parameter get(String name) {
    return find(name).orElseThrow(() -> new IllegalStateException("No parameter " + name));
  }

  public Optional<Parameter> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public NativeArray weights() {
    return weights;
  }

  public NativeArray gradients() {
    return gradients;
  }

  public NativeArray momentum() {
    return momentum;
  }

  /** Trained values of the encoder are 0 to here in the flat arrays. */
  public int encoderEnd() {
    return encoderEnd;
  }

  /** Trained values of the predictor are from {@link #encoderEnd} to here. */
  public int predictorEnd() {
    return predictorEnd;
  }

  /** The values that the optimiser leaves alone: running statistics, and parts at a standstill. */
  public float[] readUntrained() {
    float[] values = new float[weights.size() - predictorEnd];
    if (values.length > 0) {
      weights.read(predictorEnd, values, 0, values.length);
    }
    return values;
  }

  /** Puts {@link #readUntrained} back. */
  public void writeUntrained(float[] values) {
    if (values.length > 0) {
      weights.write(predictorEnd, values, 0, values.length);
    }
  }

  public SortedMap<String, Tensor> exportWeights() {
    return export(weights, false);
  }

  public SortedMap<String, Tensor> exportMomentum() {
    return export(momentum, true);
  }

  public SortedMap<String, Tensor> exportGradients() {
    return export(gradients, true);
  }

  public void importWeights(SortedMap<String, Tensor> tensors) {
    TensorCheck.check("weights", layout.parameters(), tensors);
    write(tensors, weights);
  }

  public void importMomentum(SortedMap<String, Tensor> tensors) {
    TensorCheck.check(
        "momentum", layout.parameters().stream().filter(ParameterSpec::trained).toList(), tensors);
    write(tensors, momentum);
  }

  private SortedMap<String, Tensor> export(NativeArray from, boolean trainedOnly) {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    for (Parameter parameter : byName.values()) {
      ParameterSpec spec = parameter.spec();
      if (trainedOnly && !spec.trained()) {
        continue;
      }
      float[] values = new float[spec.size()];
      from.read(parameter.offset(), values, 0, values.length);
      long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
      float[] ordered = WeightOrder.fromEngine(spec.shape(), values);
      tensors.put(spec.name(), new Tensor(shape, ordered));
    }
    return tensors;
  }

  private void write(SortedMap<String, Tensor> tensors, NativeArray to) {
    tensors.forEach(
        (name, tensor) -> {
          Parameter parameter = get(name);
          float[] values = WeightOrder.toEngine(parameter.spec().shape(), tensor.data());
          to.write(parameter.offset(), values, 0, values.length);
        });
  }

  @Override
  public void close() {
    weights.close();
    gradients.close();
    momentum.close();
  }
}
