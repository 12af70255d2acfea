package simsiam.model.net;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network as a graph of {@link Node}s, each behind those that it reads: the one place that knows
 * a topology. Names, shapes and initial values of parameters, costs, exports and what every engine
 * runs are found by walking it:
 *
 * <pre>{@code
 * Map<String, Array> made = new HashMap<>(Map.of(network.input(), images));
 * for (Node node : network.nodes()) {
 *   made.put(node.name(), node.accept(visitorThatComputesFrom(made)));
 * }
 * return made.get(network.output());
 * }</pre>
 *
 * @param input the name of what it reads, which is no node
 * @param channels of the input
 * @param taps intermediate outputs of general interest, by name, with the node that makes each, in
 *     the order of the nodes: of a ResNet {@code stem}, {@code layer1} to {@code layer4}
 */
public record Network(String input, int channels, List<Node> nodes, Map<String, String> taps) {
  private static final int ANY_SIDE = 64;

  /**
   * @throws IllegalArgumentException if two nodes have one name, or one reads what is not made
   *     before it
   */
  public Network {
    nodes = List.copyOf(nodes);
    taps = Collections.unmodifiableMap(new LinkedHashMap<>(taps));
    Set<String> made = new HashSet<>(Set.of(input));
    for (Node node : nodes) {
      if (!made.containsAll(node.inputs())) {
        throw new IllegalArgumentException(
            "Cannot make a network: expected that %s reads what is made before it, got %s"
                .formatted(node.name(), node.inputs()));
      }
      if (!made.add(node.name())) {
        throw new IllegalArgumentException(
            "Cannot make a network: expected one node of each name, got two of " + node.name());
      }
    }
    if (!made.containsAll(taps.values())) {
      throw new IllegalArgumentException(
          "Cannot make a network: expected taps at nodes, got " + taps);
    }
  }

  /** The name of what it makes: of its last node, or without nodes of its input. */
  public String output() {
    return nodes.isEmpty() ? input : nodes.get(nodes.size() - 1).name();
  }

  /** Channels of what it makes of images, whatever their size. */
  public int outputChannels() {
    return shapes(ANY_SIDE).get(output()).channels();
  }

  /** This network, then another, which reads what this one makes. */
  public Network then(Network next) {
    if (!next.input.equals(output())) {
      throw new IllegalArgumentException(
          "Cannot join networks: expected one that reads %s, got one that reads %s"
              .formatted(output(), next.input));
    }
    List<Node> all = new ArrayList<>(nodes);
    all.addAll(next.nodes);
    Map<String, String> both = new LinkedHashMap<>(taps);
    both.putAll(next.taps);
    return new Network(input, channels, all, both);
  }

  /** The shape of the input and of what each node makes of it, by name. */
  public Map<String, Shape> shapes(Shape of) {
    Map<String, Shape> shapes = new LinkedHashMap<>(Map.of(input, of));
    for (Node node : nodes) {
      shapes.put(node.name(), node.shape(node.inputs().stream().map(shapes::get).toList()));
    }
    return shapes;
  }

  /** The same for square images of {@code side} pixels. */
  public Map<String, Shape> shapes(int side) {
    return shapes(Shape.square(side, channels));
  }

  /** All tensors in the order of the nodes. */
  public List<ParameterSpec> parameters() {
    return nodes.stream().flatMap(node -> node.parameters().stream()).toList();
  }

  /** The nodes that read what {@code name} names, one of them twice if it reads it twice. */
  public List<Node> readers(String name) {
    return nodes.stream()
        .flatMap(node -> node.inputs().stream().filter(name::equals).map(input -> node))
        .toList();
  }
}
