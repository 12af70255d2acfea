package simsiam.model.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import simsiam.model.net.Node.BatchNorm;
import simsiam.model.net.Node.Linear;
import simsiam.model.net.Node.Relu;
import simsiam.model.net.ParameterSpec.Initial;

/**
 * The heads: linear layers [N, in] to [N, out], each with its batch norm or else a bias (which
 * batch norm would cancel). Names are slots of a sequential with three slots a layer, whether or
 * not they are filled: {@code projector.0} linear, {@code projector.1} batch norm, {@code
 * projector.2} ReLU, {@code projector.3} linear, and so on.
 */
final class Mlp {
  private static final int SLOTS = 3;

  private final String name;
  private final String input;
  private final int channels;
  private final List<Node> nodes = new ArrayList<>();
  private int layers;
  private String last;
  private int in;

  private Mlp(String name, String input, int channels) {
    this.name = name;
    this.input = input;
    this.channels = channels;
    last = input;
    in = channels;
  }

  /** From features [N, D], called {@code input}, to z [N, d] (paper §3). */
  static Network projector(ProjectorSpec spec, String input, int features) {
    Mlp mlp = new Mlp("projector", input, features);
    for (int i = 1; i < spec.layers(); i++) {
      mlp.layer(spec.dim(), spec.hiddenBatchNorm(), true).relu();
    }
    return mlp.layer(spec.dim(), spec.outputBatchNorm(), spec.outputAffine()).build();
  }

  /** From z [N, d], called {@code input}, to p [N, d] (paper §3). */
  static Network predictor(PredictorSpec spec, String input, int dim) {
    return new Mlp("predictor", input, dim)
        .layer(spec.hidden(), spec.hiddenBatchNorm(), true)
        .relu()
        .layer(dim, spec.outputBatchNorm(), true)
        .build();
  }

  private Mlp layer(int out, boolean batchNorm, boolean affine) {
    add(new Linear(slot(0), last, in, out, !batchNorm));
    if (batchNorm) {
      add(new BatchNorm(slot(1), last, out, affine, Initial.ONE));
    }
    in = out;
    layers++;
    return this;
  }

  /** After the layer made last. */
  private Mlp relu() {
    add(new Relu(name + "." + (SLOTS * layers - 1), last));
    return this;
  }

  private String slot(int offset) {
    return name + "." + (SLOTS * layers + offset);
  }

  private void add(Node node) {
    nodes.add(node);
    last = node.name();
  }

  private Network build() {
    return new Network(input, channels, nodes, Map.of());
  }
}
