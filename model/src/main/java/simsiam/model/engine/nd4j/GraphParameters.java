package simsiam.model.engine.nd4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.ParameterSpec.Initial;

/** Finds the tensors of a {@link GraphLayerConf} in DL4J's flat vectors: a row for each. */
final class GraphParameters implements ParamInitializer {
  static final GraphParameters INSTANCE = new GraphParameters();

  private GraphParameters() {}

  private static List<ParameterSpec> specs(Layer layer) {
    return ((GraphLayerConf) layer).layout().parameters();
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return specs(layer).stream().mapToLong(ParameterSpec::size).sum();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return specs(layer).stream().map(ParameterSpec::name).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return paramKeys(layer).stream().filter(key -> isWeightParam(layer, key)).toList();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return paramKeys(layer).stream().filter(key -> isBiasParam(layer, key)).toList();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return key.equals("weight");
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return key.equals("bias");
  }

  /** Scales and variances start at 1 and all else at 0; weights are copied in afterwards. */
  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray flat, boolean initialise) {
    Map<String, INDArray> views = views(conf, flat);
    if (initialise) {
      for (ParameterSpec spec : specs(conf.getLayer())) {
        views.get(spec.name()).assign(spec.initial() == Initial.ONE ? 1 : 0);
      }
    }
    views.keySet().forEach(conf::addVariable);
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray flat) {
    return views(conf, flat);
  }

  private static Map<String, INDArray> views(NeuralNetConfiguration conf, INDArray flat) {
    Map<String, INDArray> views = new LinkedHashMap<>();
    long from = 0;
    for (ParameterSpec spec : specs(conf.getLayer())) {
      INDArray row = flat.reshape(flat.length());
      INDArray view = row.get(NDArrayIndex.interval(from, from + spec.size()));
      views.put(spec.name(), view.reshape(1, spec.size()));
      from += spec.size();
    }
    return views;
  }
}
