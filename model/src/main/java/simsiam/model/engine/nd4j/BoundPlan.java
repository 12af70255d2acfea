package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Program;
import simsiam.model.engine.nd4j.plan.Buffer;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.Plan;

/** A plan with memory for its maps and kernels for its layers: two programs, ready to run. */
final class BoundPlan {
  private final Plan plan;
  private final Kernels kernels;
  private final Context context;
  private final IdentityHashMap<Buffer, NativeArray> memory = new IdentityHashMap<>();
  private final Program forward = new Program();
  private final Program backward = new Program();

  /** Takes what it needs from the context's arena, which frees it. */
  BoundPlan(Plan plan, Kernels kernels, Context context) {
    this.plan = plan;
    this.kernels = kernels;
    this.context = context;
    for (List<Buffer> storage : plan.storages()) {
      NativeArray array = context.arena().array(Plan.size(storage));
      storage.forEach(buffer -> memory.put(buffer, array));
    }
    List<Operation> front = new ArrayList<>();
    List<List<Operation>> back = new ArrayList<>();
    for (Plan.Step step : plan.steps()) {
      Bound bound = bind(step);
      front.addAll(bound.forward());
      List<Operation> operations = new ArrayList<>();
      step.gradients().ifPresent(gradients -> addSums(gradients, operations));
      operations.addAll(bound.backward());
      back.add(0, operations);
    }
    forward.addAll(kernels.arranged(front, context));
    backward.addAll(kernels.arranged(back.stream().flatMap(List::stream).toList(), context));
  }

  private Bound bind(Plan.Step step) {
    Binding binding =
        new Binding(
            map(step.input()),
            step.shortcut().map(this::map),
            map(step.output()),
            step.gradients().map(this::bind),
            context);
    if (step.layer() instanceof Layer.Product product) {
      return kernels.product(product, binding);
    }
    if (step.layer() instanceof Layer.Scaling scaling) {
      return kernels.scaling(scaling, binding);
    }
    if (step.layer() instanceof Layer.Folded folded) {
      return kernels.folded(folded, binding);
    }
    if (step.layer() instanceof Layer.Pooling pooling) {
      return kernels.pooling(pooling, binding);
    }
    return kernels.grid((Layer.Grid) step.layer(), binding);
  }

  private Binding.Gradients bind(Plan.Gradients gradients) {
    return new Binding.Gradients(
        gradients.output().stream().map(this::map).toList(),
        gradients.input().map(this::map),
        gradients.shortcut().map(this::map),
        gradients.addToInput());
  }

  private void addSums(Plan.Gradients gradients, List<Operation> operations) {
    for (Plan.Sum sum : gradients.sums()) {
      operations.add(kernels.sum(map(sum.into()), map(sum.added()), context));
    }
  }

  private FeatureMap map(Buffer buffer) {
    return new FeatureMap(buffer.shape(), memory.get(buffer), buffer.type());
  }

  /** What is read or made under a name; empty if it is not written to memory. */
  Optional<FeatureMap> value(String name) {
    return Optional.ofNullable(plan.values().get(name)).map(this::map);
  }

  /** Where the loss leaves its gradients, by output. */
  Map<String, FeatureMap> outputGradients() {
    Map<String, FeatureMap> maps = new LinkedHashMap<>();
    plan.outputGradients().forEach((name, buffer) -> maps.put(name, map(buffer)));
    return maps;
  }

  Program forward() {
    return forward;
  }

  Program backward() {
    return backward;
  }
}
