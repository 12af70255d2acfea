package simsiam.model.engine.torch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.Network;
import simsiam.model.net.Node;

/**
 * A {@link Network} on libtorch, node by node. What a node makes is let go as soon as its last
 * reader has run, and overwritten by it where nothing needs it any more; what autograd needs for
 * the way back it keeps itself, until it has used it.
 */
final class TorchNetwork {
  private final Network network;
  private final TorchParameters parameters;

  /** How often each name is read. */
  private final Map<String, Long> readers;

  TorchNetwork(Network network, TorchParameters parameters) {
    this.network = network;
    this.parameters = parameters;
    readers =
        network.nodes().stream()
            .flatMap(node -> node.inputs().stream())
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
  }

  /**
   * What nodes make of the input. Needs a pointer scope, which will own it.
   *
   * @param input [N, C, H, W] or [N, C], of the type of what convolutions and linear layers read
   * @param view whose gradients those of the weights are added to
   * @param training whether batch norm takes the statistics of this input and moves the running
   *     ones
   * @param wanted names of the nodes, and what is made of their output at once, since the output
   *     itself may not be kept; identity keeps it
   * @return by name
   */
  Map<String, Tensor> forward(
      Tensor input, int view, boolean training, Map<String, UnaryOperator<Tensor>> wanted) {
    try (Pass pass = new Pass(input, view, training, wanted)) {
      network.nodes().forEach(pass::run);
      return pass.results();
    }
  }

  /** The same, of what nodes make as it is. */
  Map<String, Tensor> forward(Tensor input, int view, boolean training, Set<String> wanted) {
    return forward(
        input,
        view,
        training,
        wanted.stream().collect(Collectors.toMap(name -> name, name -> UnaryOperator.identity())));
  }

  /** One way through the network. */
  private final class Pass implements Node.Visitor<Tensor>, AutoCloseable {
    private static final boolean CUDNN = true;

    private final int view;
    private final boolean training;
    private final boolean recorded = GradMode.is_enabled();
    private final Map<String, UnaryOperator<Tensor>> wanted;
    private final Map<String, Tensor> results = new HashMap<>();

    /** What may still be read, by name. */
    private final Map<String, Tensor> made = new HashMap<>();

    /** What is made by a ReLU. */
    private final Set<String> rectified = new HashSet<>();

    /** How often each name is still to be read. */
    private final Map<String, Long> unread = new HashMap<>(readers);

    Pass(Tensor input, int view, boolean training, Map<String, UnaryOperator<Tensor>> wanted) {
      this.view = view;
      this.training = training;
      this.wanted = wanted;
      put(network.input(), () -> input);
    }

    void run(Node node) {
      put(node.name(), () -> node.accept(this));
      node.inputs().forEach(name -> unread.merge(name, -1L, Long::sum));
      node.inputs().forEach(this::letGoIfRead);
      letGoIfRead(node.name());
    }

    private void put(String name, Supplier<Tensor> maker) {
      Tensor output = NativeScope.freeing(() -> maker.get().retainReference());
      made.put(name, output);
      if (wanted.containsKey(name)) {
        results.put(
            name, NativeScope.freeing(() -> wanted.get(name).apply(output).retainReference()));
      }
    }

    private void letGoIfRead(String name) {
      if (unread.getOrDefault(name, 0L) == 0 && made.containsKey(name)) {
        made.remove(name).close();
      }
    }

    Map<String, Tensor> results() {
      results.values().forEach(PointerScope.getInnerScope()::attach);
      return new HashMap<>(results);
    }

    /**
     * Whether the node that is about to run may overwrite this input of its own: nobody else wants
     * it, autograd included, which keeps what convolutions, linear layers, batch norms and max
     * pooling read, and what ReLU makes.
     */
    private boolean overwritable(String name) {
      if (name.equals(network.input()) || wanted.containsKey(name) || unread.get(name) > 1) {
        return false;
      }
      return !recorded || (readers.get(name) == 1 && !rectified.contains(name));
    }

    @Override
    public Tensor convolution(Node.Convolution node) {
      Tensor x = made.get(node.input());
      return torch.conv2d(
          x,
          parameters.multiplied(node.weight(), view),
          new TensorOptional(),
          square(node.stride()),
          square(node.padding()),
          square(1),
          1);
    }

    @Override
    public Tensor linear(Node.Linear node) {
      Tensor x = made.get(node.input());
      TensorOptional bias =
          node.hasBias()
              ? new TensorOptional(parameters.multiplied(node.bias(), view))
              : new TensorOptional();
      return torch.linear(x, parameters.multiplied(node.weight(), view), bias);
    }

    @Override
    public Tensor batchNorm(Node.BatchNorm node) {
      return torch.batch_norm(
          made.get(node.input()),
          optional(node.weight()),
          optional(node.bias()),
          optional(node.runningMean()),
          optional(node.runningVariance()),
          training,
          Node.BatchNorm.MOMENTUM,
          Node.BatchNorm.EPSILON,
          CUDNN);
    }

    private TensorOptional optional(String parameter) {
      return parameters.find(parameter).map(TensorOptional::new).orElseGet(TensorOptional::new);
    }

    @Override
    public Tensor relu(Node.Relu node) {
      Tensor x = made.get(node.input());
      rectified.add(node.name());
      if (overwritable(node.input())) {
        x.relu_();
        return x;
      }
      return torch.relu(x);
    }

    @Override
    public Tensor add(Node.Add node) {
      Tensor left = made.get(node.left());
      Tensor right = made.get(node.right());
      if (overwritable(node.left())) {
        left.add_(right);
        return left;
      }
      if (overwritable(node.right())) {
        right.add_(left);
        return right;
      }
      return left.add(right);
    }

    @Override
    public Tensor maxPool(Node.MaxPool node) {
      return torch.max_pool2d(
          made.get(node.input()),
          square(node.kernel()),
          square(node.stride()),
          square(node.padding()),
          square(1),
          false);
    }

    @Override
    public Tensor globalAveragePool(Node.GlobalAveragePool node) {
      return made.get(node.input()).mean(2, 3);
    }

    private static long[] square(long side) {
      return new long[] {side, side};
    }

    @Override
    public void close() {
      made.values().forEach(Tensor::close);
      results.values().forEach(Tensor::close);
    }
  }
}
