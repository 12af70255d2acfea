package simsiam.model.engine.nd4j.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import simsiam.model.engine.nd4j.plan.Layer.Bias;
import simsiam.model.engine.nd4j.plan.Layer.Identity;
import simsiam.model.engine.nd4j.plan.Layer.Norm;
import simsiam.model.engine.nd4j.plan.Layer.Pooling;
import simsiam.model.engine.nd4j.plan.Layer.Product;
import simsiam.model.engine.nd4j.plan.Layer.Scaling;
import simsiam.model.engine.nd4j.plan.Layer.Shortcut;
import simsiam.model.net.Network;
import simsiam.model.net.Node;

/**
 * Finds the nodes of a graph that can be computed in one pass over memory: a batch norm or a bias,
 * the sum with something else, and a ReLU, as many of them as follow one another with nobody else
 * reading what is between. Each group is computed where its last node stood.
 */
final class Fusion implements Node.Visitor<Void> {
  private final Network network;
  private final Set<String> kept;
  private final List<Layer> layers = new ArrayList<>();

  /** What waits for its only reader, by the name of its last node. */
  private final Map<String, Scaling> pending = new HashMap<>();

  private Fusion(Network network, Set<String> kept) {
    this.network = network;
    this.kept = kept;
  }

  /**
   * The layers of a network, each behind those that it reads.
   *
   * @param kept nodes whose outputs are wanted
   */
  static List<Layer> of(Network network, Set<String> kept) {
    Fusion fusion = new Fusion(network, kept);
    network.nodes().forEach(node -> node.accept(fusion));
    return fusion.layers;
  }

  /** Takes a group that ends here, unless its only reader can be made part of it. */
  private void offer(Scaling group) {
    List<Node> readers = network.readers(group.output());
    boolean joins =
        readers.size() == 1
            && !kept.contains(group.output())
            && (readers.get(0) instanceof Node.Relu
                || (readers.get(0) instanceof Node.Add && group.shortcut().isEmpty()));
    if (joins) {
      pending.put(group.output(), group);
    } else {
      layers.add(group);
    }
  }

  @Override
  public Void convolution(Node.Convolution node) {
    layers.add(new Product(node, node.input(), node.name()));
    return null;
  }

  @Override
  public Void linear(Node.Linear node) {
    if (!node.hasBias()) {
      layers.add(new Product(node, node.input(), node.name()));
      return null;
    }
    String product = node.name() + " without bias";
    layers.add(new Product(node, node.input(), product));
    offer(new Scaling(new Bias(node), product, Optional.empty(), false, node.name()));
    return null;
  }

  @Override
  public Void batchNorm(Node.BatchNorm node) {
    offer(new Scaling(new Norm(node), node.input(), Optional.empty(), false, node.name()));
    return null;
  }

  @Override
  public Void relu(Node.Relu node) {
    Scaling scaled = operand(node.input());
    layers.add(new Scaling(scaled.scale(), scaled.y(), scaled.shortcut(), true, node.name()));
    return null;
  }

  @Override
  public Void add(Node.Add node) {
    Scaling left = operand(node.left());
    Scaling right = operand(node.right());
    boolean swap = left.scale() instanceof Identity; // what is scaled goes first
    Scaling main = swap ? right : left;
    Scaling other = swap ? left : right;
    Shortcut shortcut = new Shortcut(other.scale(), other.y());
    offer(new Scaling(main.scale(), main.y(), Optional.of(shortcut), false, node.name()));
    return null;
  }

  /** The group that ends in a node, if it waits; else the node's output as it lies. */
  private Scaling operand(String name) {
    Scaling group = pending.remove(name);
    return group == null ? new Scaling(new Identity(), name, Optional.empty(), false, name) : group;
  }

  @Override
  public Void maxPool(Node.MaxPool node) {
    layers.add(new Pooling(node, node.input(), node.name()));
    return null;
  }

  @Override
  public Void globalAveragePool(Node.GlobalAveragePool node) {
    layers.add(new Pooling(node, node.input(), node.name()));
    return null;
  }
}
