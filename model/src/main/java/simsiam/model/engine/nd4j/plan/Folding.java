package simsiam.model.engine.nd4j.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import simsiam.model.engine.nd4j.plan.Layer.Folded;
import simsiam.model.engine.nd4j.plan.Layer.Norm;
import simsiam.model.engine.nd4j.plan.Layer.Product;
import simsiam.model.engine.nd4j.plan.Layer.Scaling;
import simsiam.model.engine.nd4j.plan.Layer.Shortcut;
import simsiam.model.net.Node;

/**
 * Makes convolutions whose output a batch norm alone reads one with it, the sum and the ReLU: in
 * eval mode a norm is a scale and a shift that are known beforehand.
 */
final class Folding {
  private final Set<String> kept;
  private final Map<String, Product> convolutions = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();

  private Folding(List<Layer> layers, Set<String> kept) {
    this.kept = kept;
    for (Layer layer : layers) {
      layer.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
      if (layer instanceof Product product && product.node() instanceof Node.Convolution) {
        convolutions.put(product.output(), product);
      }
    }
  }

  /**
   * The layers with all that can be folded.
   *
   * @param kept nodes whose outputs are wanted
   */
  static List<Layer> of(List<Layer> layers, Set<String> kept) {
    Folding folding = new Folding(layers, kept);
    Map<String, Product> held = new HashMap<>();
    for (Layer layer : layers) {
      if (layer instanceof Scaling scaling && folding.folds(scaling)) {
        folding.convolutionsOf(scaling).forEach(product -> held.put(product.output(), product));
      }
    }
    List<Layer> folded = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof Scaling scaling && folding.folds(scaling)) {
        folding.fold(scaling, folded);
      } else if (!held.containsKey(layer.output())) {
        folded.add(layer);
      }
    }
    return folded;
  }

  private boolean folds(Scaling layer) {
    return normalises(layer.scale(), layer.y())
        && layer
            .shortcut()
            .map(added -> added.plain() || normalises(added.scale(), added.y()))
            .orElse(true);
  }

  private boolean normalises(Layer.Scale scale, String y) {
    return scale instanceof Norm
        && convolutions.containsKey(y)
        && readers.get(y) == 1
        && !kept.contains(y);
  }

  private List<Product> convolutionsOf(Scaling layer) {
    List<Product> all = new ArrayList<>(List.of(convolutions.get(layer.y())));
    layer
        .shortcut()
        .filter(added -> !added.plain())
        .ifPresent(added -> all.add(convolutions.get(added.y())));
    return all;
  }

  private void fold(Scaling layer, List<Layer> folded) {
    Optional<String> added = layer.shortcut().map(Shortcut::y);
    if (layer.shortcut().isPresent() && !layer.shortcut().get().plain()) {
      Shortcut shortcut = layer.shortcut().get();
      String scaled = shortcut.y() + " scaled";
      folded.add(folded(shortcut.scale(), shortcut.y(), Optional.empty(), false, scaled));
      added = Optional.of(scaled);
    }
    folded.add(folded(layer.scale(), layer.y(), added, layer.relu(), layer.output()));
  }

  private Folded folded(
      Layer.Scale scale, String y, Optional<String> added, boolean relu, String output) {
    Product product = convolutions.get(y);
    Node.Convolution convolution = (Node.Convolution) product.node();
    return new Folded(convolution, ((Norm) scale).node(), product.x(), added, relu, output);
  }
}
