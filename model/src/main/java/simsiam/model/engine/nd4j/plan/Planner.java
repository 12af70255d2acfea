package simsiam.model.engine.nd4j.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import simsiam.model.engine.nd4j.plan.Layer.Mask;
import simsiam.model.engine.nd4j.plan.Layer.Pooling;
import simsiam.model.engine.nd4j.plan.Layer.Product;
import simsiam.model.engine.nd4j.plan.Layer.Scaling;
import simsiam.model.engine.nd4j.plan.Layer.Shortcut;
import simsiam.model.engine.nd4j.plan.Plan.Gradients;
import simsiam.model.engine.nd4j.plan.Plan.Step;
import simsiam.model.engine.nd4j.plan.Plan.Sum;
import simsiam.model.net.Method;
import simsiam.model.net.Method.Term;
import simsiam.model.net.Network;
import simsiam.model.net.Node;
import simsiam.model.net.Shape;

/**
 * Makes a {@link Plan}: walks the layers forward, and in training back, giving each map a buffer
 * and noting at which position it is used. In eval mode a batch norm, bias, sum or ReLU works in
 * place where nobody else reads its input. In training a gradient lies over the values that it is
 * the gradient of where these are not needed any more.
 */
final class Planner {
  private final Network network;
  private final int batch;
  private final boolean training;
  private final ElementType maps;
  private final List<Layer> layers;
  private final Map<String, Shape> shapes;
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<String, Buffer> values = new LinkedHashMap<>();

  /** Gradients found so far of what is read by the layers behind. */
  private final Map<String, List<Contribution>> contributions = new HashMap<>();

  private int position;

  /**
   * A summand of a gradient.
   *
   * @param passed whether it was handed through by a sum, rather than computed for this value
   */
  private record Contribution(Buffer buffer, boolean passed) {}

  private Planner(
      Network network,
      Set<String> kept,
      Map<String, Integer> grids,
      boolean training,
      MapShape x,
      ElementType maps) {
    this.network = network;
    this.batch = x.batch();
    this.training = training;
    this.maps = maps;
    shapes = network.shapes(new Shape(x.height(), x.width(), x.channels()));
    Set<String> all = new HashSet<>(kept);
    all.addAll(grids.keySet());
    layers = new ArrayList<>();
    for (Layer layer : fused(all)) {
      layers.add(layer);
      if (grids.containsKey(layer.output())) {
        layers.add(
            new Layer.Grid(layer.output(), grids.get(layer.output()), Plan.tap(layer.output())));
      }
    }
    ElementType pixels =
        network.readers(network.input()).stream().allMatch(Node.Convolution.class::isInstance)
            ? maps
            : ElementType.FLOAT32;
    values.put(network.input(), buffer(network.input(), x, pixels));
    values.get(network.input()).use(position++);
  }

  static Plan evaluation(
      Network network, int batch, int size, Map<String, Integer> grids, ElementType maps) {
    MapShape pixels = new MapShape(batch, size, size, network.channels());
    Planner planner = new Planner(network, Set.of(network.output()), grids, false, pixels, maps);
    List<Step> steps = planner.forward();
    planner.values.get(network.output()).use(planner.position);
    grids.keySet().forEach(node -> planner.values.get(Plan.tap(node)).use(planner.position));
    return new Plan(steps, planner.values, Map.of(), Plan.share(planner.buffers));
  }

  static Plan training(Method method, int batch, int size, ElementType maps) {
    Network network = method.network();
    int rows = Math.multiplyExact(method.views(), batch);
    Set<String> outputs = new HashSet<>(Set.of(method.watched()));
    Set<String> differentiated = new HashSet<>();
    for (Term term : method.terms()) {
      term.outputs().forEach(output -> outputs.add(output.node()));
      differentiated.add(term.prediction().node());
      if (!term.stopGradient()) {
        differentiated.add(term.target().name());
      }
    }
    MapShape pixels = new MapShape(rows, size, size, network.channels());
    Planner planner = new Planner(network, outputs, Map.of(), true, pixels, maps);
    List<Step> forward = planner.forward();
    Map<String, Buffer> gradients = planner.loss(outputs, differentiated);
    List<Step> steps = planner.backward(forward);
    return new Plan(steps, planner.values, gradients, Plan.share(planner.buffers));
  }

  private Buffer buffer(String name, MapShape shape, ElementType type) {
    Buffer buffer = new Buffer(name, shape, type);
    buffers.add(buffer);
    return buffer;
  }

  private List<Step> forward() {
    List<Step> steps = new ArrayList<>();
    for (Layer layer : layers) {
      List<Buffer> inputs = layer.inputs().stream().map(values::get).toList();
      inputs.forEach(input -> input.use(position));
      Buffer output =
          inPlace(layer, inputs)
              .orElseGet(() -> buffer(layer.output(), shape(layer), type(layer, inputs.get(0))));
      output.use(position++);
      values.put(layer.output(), output);
      Optional<Buffer> shortcut = inputs.size() > 1 ? Optional.of(inputs.get(1)) : Optional.empty();
      steps.add(new Step(layer, inputs.get(0), shortcut, output, Optional.empty()));
    }
    return steps;
  }

  /**
   * Layers of what is computed in one pass; on the processor bf16 has more of them in eval mode.
   */
  private List<Layer> fused(Set<String> wanted) {
    List<Layer> fused = Fusion.of(network, wanted);
    return training || maps == ElementType.FLOAT32 ? fused : Folding.of(fused, wanted);
  }

  /** What a layer reads, if it may write over it in eval mode, as nobody else reads it later. */
  private Optional<Buffer> inPlace(Layer layer, List<Buffer> inputs) {
    if (!training && layer instanceof Scaling scaling && isReadOnce(scaling.y())) {
      return Optional.of(inputs.get(0));
    }
    return layer instanceof Layer.Folded folded
        ? folded.added().filter(added -> isReadLastBy(folded, added)).map(added -> inputs.get(1))
        : Optional.empty();
  }

  private boolean isReadLastBy(Layer layer, String value) {
    List<Layer> later = layers.subList(layers.indexOf(layer) + 1, layers.size());
    return !value.equals(network.input())
        && !value.equals(network.output())
        && later.stream().noneMatch(other -> other.inputs().contains(value));
  }

  /** How what a layer makes of {@code x} is stored. */
  private ElementType type(Layer layer, Buffer x) {
    if (layer instanceof Product product) {
      return product.node() instanceof Node.Convolution ? maps : ElementType.FLOAT32;
    }
    if (layer instanceof Layer.Folded) {
      return maps;
    }
    return layer instanceof Scaling || maxPool(layer) ? x.type() : ElementType.FLOAT32;
  }

  private MapShape shape(Layer layer) {
    if (layer instanceof Layer.Grid grid) {
      int channels = shapes.get(grid.x()).channels();
      return new MapShape(batch, grid.side(), grid.side(), channels);
    }
    if (layer instanceof Layer.Folded folded) {
      return MapShape.of(batch, shapes.get(folded.convolution().name()));
    }
    // A product without its bias has the shape of the node.
    String node = layer instanceof Product product ? product.node().name() : layer.output();
    return MapShape.of(batch, shapes.get(node));
  }

  /** Whether one layer alone reads a value, and reads it once. */
  private boolean isReadOnce(String value) {
    return !value.equals(network.input())
        && layers.stream().flatMap(layer -> layer.inputs().stream()).filter(value::equals).count()
            == 1;
  }

  /** The loss, which reads outputs and leaves gradients. */
  private Map<String, Buffer> loss(Set<String> outputs, Set<String> differentiated) {
    outputs.forEach(name -> values.get(name).use(position));
    Map<String, Buffer> gradients = new LinkedHashMap<>();
    for (String name : differentiated) {
      Buffer output = values.get(name);
      Buffer gradient = buffer("gradient of " + name, output.shape(), output.type());
      gradient.use(position);
      gradients.put(name, gradient);
      contribute(name, gradient, false);
    }
    position++;
    return gradients;
  }

  private void contribute(String value, Buffer gradient, boolean passed) {
    contributions
        .computeIfAbsent(value, name -> new ArrayList<>())
        .add(new Contribution(gradient, passed));
  }

  private List<Step> backward(List<Step> forward) {
    List<Step> steps = new ArrayList<>(forward);
    for (int i = forward.size() - 1; i >= 0; i--) {
      Step step = forward.get(i);
      List<Contribution> found = contributions.remove(step.layer().output());
      if (found != null) {
        Gradients gradients = gradients(i, step, new ArrayList<>(found));
        steps.set(
            i,
            new Step(
                step.layer(),
                step.input(),
                step.shortcut(),
                step.output(),
                Optional.of(gradients)));
      }
    }
    return steps;
  }

  private Gradients gradients(int index, Step step, List<Contribution> found) {
    boolean takesSums = step.layer() instanceof Scaling || maxPool(step.layer());
    List<Sum> sums = new ArrayList<>();
    while (found.size() > (takesSums ? 2 : 1)) {
      Buffer added = found.remove(found.size() - 1).buffer();
      sums.add(new Sum(found.get(0).buffer(), added));
      added.use(position);
      found.get(0).buffer().use(position);
    }
    if (!sums.isEmpty()) {
      position++;
    }
    List<Buffer> output = found.stream().map(Contribution::buffer).toList();
    output.forEach(gradient -> gradient.use(position));
    Gradients gradients =
        step.layer() instanceof Scaling scaling
            ? scaling(index, step, scaling, sums, output)
            : single(index, step, sums, output);
    position++;
    return gradients;
  }

  private static boolean maxPool(Layer layer) {
    return layer instanceof Pooling pooling && pooling.node() instanceof Node.MaxPool;
  }

  /** Of a layer that reads one thing. */
  private Gradients single(int index, Step step, List<Sum> sums, List<Buffer> output) {
    if (needsInput(step.layer())) {
      step.input().use(position);
    }
    String x = step.layer().inputs().get(0);
    if (x.equals(network.input())) {
      return new Gradients(sums, output, Optional.empty(), Optional.empty(), false);
    }
    // What a sum handed through is left to the reader to add, so that it is read once.
    Optional<Buffer> made =
        contributions.getOrDefault(x, List.of()).stream()
            .filter(contribution -> !contribution.passed())
            .map(Contribution::buffer)
            .findFirst();
    if (made.isPresent() && step.layer() instanceof Product product && product.overPixels()) {
      made.get().use(position);
      return new Gradients(sums, output, made, Optional.empty(), true);
    }
    return new Gradients(sums, output, Optional.of(place(index, x)), Optional.empty(), false);
  }

  private Gradients scaling(
      int index, Step step, Scaling layer, List<Sum> sums, List<Buffer> output) {
    step.input().use(position);
    if (layer.mask() == Mask.BY_OUTPUT) {
      step.output().use(position);
    }
    Optional<Buffer> input =
        layer.y().equals(network.input()) ? Optional.empty() : Optional.of(place(index, layer.y()));
    Optional<Buffer> scaled = Optional.empty();
    if (layer.shortcut().isPresent()) {
      Shortcut shortcut = layer.shortcut().get();
      if (!shortcut.plain()) {
        step.shortcut().orElseThrow().use(position);
      }
      if (!shortcut.y().equals(network.input())) {
        if (shortcut.plain()) {
          contribute(shortcut.y(), output.get(0), true);
        } else {
          scaled = Optional.of(place(index, shortcut.y()));
        }
      }
    }
    return new Gradients(sums, output, input, scaled, false);
  }

  /** A buffer for the gradient of a value: its own, if nothing that is still to come needs it. */
  private Buffer place(int index, String value) {
    Buffer own = values.get(value);
    boolean taken =
        contributions.getOrDefault(value, List.of()).stream()
            .anyMatch(contribution -> contribution.buffer() == own);
    Buffer buffer =
        taken || isNeededBefore(index, value)
            ? buffer("gradient of " + value, own.shape(), own.type())
            : own;
    buffer.use(position);
    contribute(value, buffer, false);
    return buffer;
  }

  /** Whether the backward pass of a layer in front of this one needs a value. */
  private boolean isNeededBefore(int index, String value) {
    for (int i = 0; i < index; i++) {
      Layer layer = layers.get(i);
      boolean asOutput =
          layer.output().equals(value)
              && layer instanceof Scaling scaling
              && scaling.mask() == Mask.BY_OUTPUT;
      if (asOutput || reads(layer, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean reads(Layer layer, String value) {
    if (layer instanceof Scaling scaling) {
      return scaling.y().equals(value)
          || scaling
              .shortcut()
              .filter(added -> !added.plain() && added.y().equals(value))
              .isPresent();
    }
    return needsInput(layer) && layer.inputs().contains(value);
  }

  /** Whether the backward pass reads what the forward pass read. */
  private static boolean needsInput(Layer layer) {
    return layer instanceof Product || maxPool(layer);
  }
}
