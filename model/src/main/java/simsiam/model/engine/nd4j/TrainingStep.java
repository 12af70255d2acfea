package simsiam.model.engine.nd4j;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.Plan;
import simsiam.model.net.Method;

/**
 * Forward and backward pass of a method bound to one batch and image size: all memory is taken
 * here, none in a step.
 */
final class TrainingStep implements AutoCloseable {
  private final Arena arena = new Arena();
  private final BoundPlan bound;
  private final FeatureMap pixels;
  private final Kernels.Objective objective;
  private final int batch;
  private final int size;

  TrainingStep(Method method, Kernels kernels, int batch, int size, ElementType maps) {
    this.batch = batch;
    this.size = size;
    try {
      Context context = new Context(arena, method.views(), true);
      bound = new BoundPlan(Plan.training(method, batch, size, maps), kernels, context);
      pixels = bound.value(method.network().input()).orElseThrow();
      objective = kernels.objective(method, outputs(method), bound.outputGradients(), context);
      bound.forward().add(objective.operation());
    } catch (RuntimeException | Error e) { // a map too large, or no memory for one more
      close();
      throw e;
    }
  }

  /** The maps that the loss reads, by node. */
  private Map<String, FeatureMap> outputs(Method method) {
    Map<String, FeatureMap> outputs = new LinkedHashMap<>();
    outputs.put(method.watched(), bound.value(method.watched()).orElseThrow());
    for (Method.Term term : method.terms()) {
      for (Method.Output output : new Method.Output[] {term.prediction(), term.target()}) {
        outputs.put(output.node(), bound.value(output.node()).orElseThrow());
      }
    }
    return outputs;
  }

  boolean fits(int otherBatch, int otherSize) {
    return batch == otherBatch && size == otherSize;
  }

  /** Loss of the views, and the gradients of all parameters. */
  StepMetrics run(float[] views) {
    pixels.write(0, views, 0, Math.toIntExact(pixels.shape().size()));
    bound.forward().run();
    bound.backward().run();
    return objective.metrics();
  }

  /** Nanoseconds by kind of operation since this step was bound. */
  Map<Kind, Long> nanos() {
    Map<Kind, Long> sum = new EnumMap<>(Kind.class);
    sum.putAll(bound.forward().nanos());
    bound.backward().nanos().forEach((kind, nanos) -> sum.merge(kind, nanos, Long::sum));
    return sum;
  }

  @Override
  public void close() {
    arena.close();
  }
}
