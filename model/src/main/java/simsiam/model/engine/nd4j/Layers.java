package simsiam.model.engine.nd4j;

import simsiam.model.net.ConvSpec;

/**
 * What every layer of one bound network is made with.
 *
 * @param views V, the groups of rows with batch-norm statistics of their own
 * @param training whether there is a backward pass, and statistics are the batch's own
 */
record Layers(Parameters parameters, Arena arena, int views, boolean training) {
  Convolution convolution(
      ConvSpec conv, FeatureMap x, FeatureMap y, FeatureMap dx, boolean addToDx) {
    Parameter weight = parameters.get(conv.name() + ".weight");
    return Convolution.of(
        conv, weight, new Convolution.Binding(x, y, dx, addToDx, training, arena));
  }

  BatchNorm norm(String name, FeatureMap y) {
    return new BatchNorm(parameters, name + ".", y, views, arena.workers());
  }

  Workers workers() {
    return arena.workers();
  }
}
