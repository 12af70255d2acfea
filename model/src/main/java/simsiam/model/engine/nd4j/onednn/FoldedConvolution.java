package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.net.Node;

/**
 * A {@link Layer.Folded} in one pass of oneDNN. Its kernel is folded anew whenever it runs, as
 * weights may have changed: a small part of the time. Made within a {@link
 * org.bytedeco.javacpp.PointerScope}.
 */
public final class FoldedConvolution {
  private final Layer.Folded layer;
  private final Binding to;
  private final Arena arena;
  private final Parameter weight;
  private final Optional<Parameter> gamma;
  private final Optional<Parameter> beta;
  private final RunningStatistics running;
  private final NativeArray folded;
  private final NativeArray bias;

  public FoldedConvolution(Layer.Folded layer, Binding to, Parameters parameters) {
    this.layer = layer;
    this.to = to;
    arena = to.context().arena();
    weight = parameters.get(layer.convolution().weight());
    Node.BatchNorm norm = layer.norm();
    gamma = parameters.find(norm.weight());
    beta = parameters.find(norm.bias());
    running =
        new RunningStatistics(
            parameters.get(norm.runningMean()), parameters.get(norm.runningVariance()));
    folded = arena.shared("folded kernel", weight.spec().size());
    bias = arena.array(layer.convolution().out());
  }

  public Bound bound() {
    Node.Convolution conv = layer.convolution();
    FeatureMap y = to.y();
    long[] sizes = {conv.out(), conv.in(), conv.kernel(), conv.kernel()};
    long[] strides = {conv.stride(), conv.stride()};
    long[] padding = {conv.padding(), conv.padding()};
    memory.desc shifts =
        OneDnn.array(new long[] {conv.out()}, memory.data_type.f32, memory.format_tag.a);
    var plan =
        new convolution_forward.primitive_desc(
            OneDnn.CPU,
            prop_kind.forward_inference,
            algorithm.convolution_direct,
            OneDnn.maps(to.x()),
            OneDnn.array(sizes, OneDnn.type(to.x().type()), memory.format_tag.any),
            shifts,
            OneDnn.maps(y),
            strides,
            padding,
            padding,
            attributes(),
            false);
    memory kernel =
        OneDnn.over(
            OneDnn.array(sizes, memory.data_type.f32, memory.format_tag.hwio), folded.pointer(0));
    memory packed =
        OneDnn.over(
            plan.weights_desc(),
            arena.shared("packed kernel", OneDnn.floats(plan.weights_desc())).pointer(0));
    List<Kernel> kernels = new ArrayList<>();
    kernels.add(this::fold);
    kernels.add(
        arena
            .own(new Primitive(OneDnn.rearrangement(kernel, packed)))
            .with(DNNL_ARG_SRC, kernel)
            .with(DNNL_ARG_DST, packed));
    to.shortcut()
        .filter(added -> !added.storage().equals(y.storage()))
        .ifPresent(added -> kernels.add(MapArithmetic.copy(added, y, arena)));
    kernels.add(
        OneDnn.bind(new convolution_forward(plan), plan, arena)
            .with(DNNL_ARG_SRC, OneDnn.over(to.x()))
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_BIAS, OneDnn.over(shifts, bias.pointer(0)))
            .with(DNNL_ARG_DST, OneDnn.over(y)));
    return new Bound(
        kernels.stream().map(made -> new Operation(Kind.CONVOLUTION, made)).toList(), List.of());
  }

  /** Adds to what is in y, where something is added, and lets a ReLU follow. */
  private primitive_attr attributes() {
    post_ops after = new post_ops();
    if (to.shortcut().isPresent()) {
      after.append_sum();
    }
    if (layer.relu()) {
      after.append_eltwise(algorithm.eltwise_relu, 0f, 0f);
    }
    primitive_attr attributes = OneDnn.attributes();
    attributes.set_post_ops(after);
    return attributes;
  }

  /** Kernel and bias from the weight and the norm as they are now. */
  private void fold() {
    int out = layer.convolution().out();
    double[] scales = new double[out];
    double[] means = new double[out];
    double[] shifts = new double[out];
    double[] variances = new double[out];
    Arrays.fill(scales, 1);
    gamma.ifPresent(parameter -> parameter.read(scales));
    beta.ifPresent(parameter -> parameter.read(shifts));
    running.mean().read(means);
    running.variance().read(variances);
    float[] factors = new float[out];
    for (int i = 0; i < out; i++) {
      double scale = scales[i] / Math.sqrt(variances[i] + Node.BatchNorm.EPSILON);
      factors[i] = (float) scale;
      bias.values().put(i, (float) (shifts[i] - means[i] * scale));
    }
    float[] row = new float[out];
    for (int at = 0; at < weight.spec().size(); at += out) { // the output's channels lie last
      weight.weights().values().get(weight.offset() + at, row, 0, out);
      for (int i = 0; i < out; i++) {
        row[i] *= factors[i];
      }
      folded.values().put(at, row, 0, out);
    }
  }
}
