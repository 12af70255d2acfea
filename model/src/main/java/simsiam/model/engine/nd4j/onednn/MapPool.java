package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.net.Node;

/**
 * A max-pooling of bf16 maps by oneDNN. Made within a {@link org.bytedeco.javacpp.PointerScope}.
 */
public final class MapPool {
  private static final long[] NO_DILATION = {0, 0};

  private final Binding to;
  private final Arena arena;
  private final long[] strides;
  private final long[] window;
  private final long[] padding;
  private final boolean training;
  private final pooling_forward.primitive_desc plan;
  private final memory taken;

  public MapPool(Node.MaxPool node, Binding to) {
    this.to = to;
    arena = to.context().arena();
    strides = new long[] {node.stride(), node.stride()};
    window = new long[] {node.kernel(), node.kernel()};
    padding = new long[] {node.padding(), node.padding()};
    training = to.gradients().isPresent();
    plan =
        new pooling_forward.primitive_desc(
            OneDnn.CPU,
            training ? prop_kind.forward_training : prop_kind.forward_inference,
            algorithm.pooling_max,
            OneDnn.maps(to.x()),
            OneDnn.maps(to.y()),
            strides,
            window,
            NO_DILATION,
            padding,
            padding,
            OneDnn.attributes(),
            false);
    memory.desc workspace = plan.workspace_desc();
    taken = OneDnn.over(workspace, arena.array(OneDnn.floats(workspace)).pointer(0));
  }

  public Bound bound() {
    Primitive forward =
        OneDnn.bind(new pooling_forward(plan), plan, arena)
            .with(DNNL_ARG_SRC, OneDnn.over(to.x()))
            .with(DNNL_ARG_DST, OneDnn.over(to.y()));
    if (training) {
      forward.with(DNNL_ARG_WORKSPACE, taken);
    }
    return new Bound(
        List.of(new Operation(Kind.POOLING, forward)),
        to.gradients()
            .filter(gradients -> gradients.input().isPresent())
            .map(this::backward)
            .orElse(List.of()));
  }

  private List<Operation> backward(Gradients gradients) {
    FeatureMap first = gradients.first();
    List<Kernel> kernels = new ArrayList<>();
    gradients
        .second()
        .ifPresent(second -> kernels.add(MapArithmetic.add(first, second, first, false, arena)));
    var back =
        new pooling_backward.primitive_desc(
            OneDnn.CPU,
            algorithm.pooling_max,
            OneDnn.maps(to.x()),
            OneDnn.maps(first),
            strides,
            window,
            NO_DILATION,
            padding,
            padding,
            plan,
            OneDnn.attributes(),
            false);
    kernels.add(
        OneDnn.bind(new pooling_backward(back), back, arena)
            .with(DNNL_ARG_DIFF_DST, OneDnn.over(first))
            .with(DNNL_ARG_DIFF_SRC, OneDnn.over(gradients.input().orElseThrow()))
            .with(DNNL_ARG_WORKSPACE, taken));
    return kernels.stream().map(kernel -> new Operation(Kind.POOLING, kernel)).toList();
  }
}
