package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.net.Node;

/**
 * A batch norm on maps by oneDNN, with a ReLU behind it if asked, each view by its own statistics.
 * Statistics, scale, shift and their gradients are float32 whatever the maps are. Made within a
 * {@link org.bytedeco.javacpp.PointerScope}.
 */
final class MapNorm {
  private final Optional<Parameter> scale;
  private final Optional<Parameter> shift;
  private final RunningStatistics running;
  private final FeatureMap x;
  private final boolean relu;
  private final boolean training;
  private final Arena arena;
  private final int channels;
  private final int flags;
  private final memory.desc maps; // of one view
  private final memory.desc vector;
  private final batch_normalization_forward.primitive_desc plan;
  private final List<View> views = new ArrayList<>();

  /** What a view's forward pass leaves for the backward one, and what that makes. */
  private record View(
      NativeArray mean,
      NativeArray variance,
      NativeArray passed,
      NativeArray scaleGradient,
      NativeArray shiftGradient) {}

  MapNorm(Node.BatchNorm node, Parameters parameters, FeatureMap x, boolean relu, Context context) {
    scale = parameters.find(node.weight());
    shift = parameters.find(node.bias());
    running =
        new RunningStatistics(
            parameters.get(node.runningMean()), parameters.get(node.runningVariance()));
    this.x = x;
    this.relu = relu;
    training = context.training();
    arena = context.arena();
    channels = x.shape().channels();
    maps = OneDnn.maps(x, context.views());
    vector = OneDnn.array(new long[] {channels}, memory.data_type.f32, memory.format_tag.a);
    flags = flags();
    plan =
        new batch_normalization_forward.primitive_desc(
            OneDnn.CPU,
            (training ? prop_kind.forward_training : prop_kind.forward_inference).value,
            maps,
            maps,
            (float) Node.BatchNorm.EPSILON,
            flags,
            OneDnn.attributes(),
            false);
    for (int view = 0; view < context.views(); view++) {
      views.add(
          new View(
              arena.array(channels),
              arena.array(channels),
              arena.array(OneDnn.floats(plan.workspace_desc())),
              arena.array(channels),
              arena.array(channels)));
    }
  }

  private int flags() {
    int all = training ? 0 : normalization_flags.use_global_stats.value;
    all |= scale.isPresent() ? normalization_flags.use_scale.value : 0;
    all |= shift.isPresent() ? normalization_flags.use_shift.value : 0;
    return all | (relu ? normalization_flags.fuse_norm_relu.value : 0);
  }

  /** Into y, which may be x in eval mode. */
  List<Kernel> forward(FeatureMap y) {
    List<Kernel> kernels = new ArrayList<>();
    for (int view = 0; view < views.size(); view++) {
      View own = views.get(view);
      Primitive norm =
          OneDnn.bind(new batch_normalization_forward(plan), plan, arena)
              .with(DNNL_ARG_SRC, part(x, view))
              .with(DNNL_ARG_DST, part(y, view))
              .with(DNNL_ARG_MEAN, training ? vector(own.mean()) : vector(running.mean()))
              .with(
                  DNNL_ARG_VARIANCE,
                  training ? vector(own.variance()) : vector(running.variance()));
      scale.ifPresent(parameter -> norm.with(DNNL_ARG_SCALE, vector(parameter)));
      shift.ifPresent(parameter -> norm.with(DNNL_ARG_SHIFT, vector(parameter)));
      if (relu && training) {
        norm.with(DNNL_ARG_WORKSPACE, passed(own));
      }
      kernels.add(norm);
    }
    if (training) {
      kernels.add(this::moveRunning);
    }
    return kernels;
  }

  private void moveRunning() {
    double rows = (double) x.shape().rows() / views.size();
    double[] means = new double[channels];
    double[] variances = new double[channels];
    for (View view : views) {
      for (int i = 0; i < channels; i++) {
        means[i] = view.mean().values().get(i);
        variances[i] = view.variance().values().get(i);
      }
      running.move(means, variances, rows);
    }
  }

  /**
   * From the gradient of what the forward pass made to those of the parameters and of x.
   *
   * @param dx may be dy or x
   */
  List<Kernel> backward(FeatureMap dy, FeatureMap dx) {
    var back =
        new batch_normalization_backward.primitive_desc(
            OneDnn.CPU,
            prop_kind.backward.value,
            maps,
            maps,
            maps,
            (float) Node.BatchNorm.EPSILON,
            flags,
            plan,
            OneDnn.attributes(),
            false);
    List<Kernel> kernels = new ArrayList<>();
    for (int view = 0; view < views.size(); view++) {
      View own = views.get(view);
      Primitive norm =
          OneDnn.bind(new batch_normalization_backward(back), back, arena)
              .with(DNNL_ARG_SRC, part(x, view))
              .with(DNNL_ARG_DIFF_DST, part(dy, view))
              .with(DNNL_ARG_DIFF_SRC, part(dx, view))
              .with(DNNL_ARG_MEAN, vector(own.mean()))
              .with(DNNL_ARG_VARIANCE, vector(own.variance()));
      scale.ifPresent(
          parameter ->
              norm.with(DNNL_ARG_SCALE, vector(parameter))
                  .with(DNNL_ARG_DIFF_SCALE, vector(own.scaleGradient())));
      shift.ifPresent(parameter -> norm.with(DNNL_ARG_DIFF_SHIFT, vector(own.shiftGradient())));
      if (relu) {
        norm.with(DNNL_ARG_WORKSPACE, passed(own));
      }
      kernels.add(norm);
    }
    kernels.add(this::storeGradients);
    return kernels;
  }

  private void storeGradients() {
    scale.ifPresent(
        parameter -> store(views.stream().map(View::scaleGradient).toList(), parameter));
    shift.ifPresent(
        parameter -> store(views.stream().map(View::shiftGradient).toList(), parameter));
  }

  private void store(List<NativeArray> ofViews, Parameter parameter) {
    double[] sums = new double[channels];
    Arrays.setAll(
        sums, i -> ofViews.stream().mapToDouble(gradient -> gradient.values().get(i)).sum());
    parameter.writeGradient(sums);
  }

  private memory part(FeatureMap map, int view) {
    return OneDnn.over(maps, map.pointer(view * (map.shape().size() / views.size())));
  }

  private memory passed(View view) {
    return OneDnn.over(plan.workspace_desc(), view.passed().pointer(0));
  }

  private memory vector(NativeArray array) {
    return OneDnn.over(vector, array.pointer(0));
  }

  private memory vector(Parameter parameter) {
    return OneDnn.over(vector, parameter.weights().pointer(parameter.offset()));
  }
}
