package simsiam.model.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;

/**
 * A network and what PyTorch made of it in double precision: {@code pytorch-reference.json},
 * written by {@code pytorch_reference.py}.
 *
 * @param size S, pixels a side
 * @param loss before each step
 * @param gradients of the first step
 * @param weights after the last step
 * @param features of another batch, by the last weights in eval mode
 */
public record ReferenceCase(
    String name,
    NetworkSpec spec,
    int batch,
    int size,
    Rates rates,
    List<Double> loss,
    List<Double> outputStd,
    Map<String, Summary> gradients,
    Map<String, Summary> weights,
    Summary features) {

  /** A tensor's L2 norm and its dot product with the hash of its name. */
  public record Summary(double norm, double dot) {
    static Summary of(String name, float[] values) {
      double[] direction = Hashed.values(values.length, Hashed.crc32(name) + 1);
      double norm = 0;
      double dot = 0;
      for (int i = 0; i < values.length; i++) {
        norm += (double) values[i] * values[i];
        dot += values[i] * direction[i];
      }
      return new Summary(Math.sqrt(norm), dot);
    }
  }

  static List<ReferenceCase> all() {
    try (InputStream in = ReferenceCase.class.getResourceAsStream("pytorch-reference.json")) {
      JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in));
      JsonNode r = root.get("rates");
      Rates rates =
          new Rates(
              r.get("encoder").asDouble(),
              r.get("predictor").asDouble(),
              r.get("momentum").asDouble(),
              r.get("weight_decay").asDouble());
      List<ReferenceCase> cases = new ArrayList<>();
      for (Map.Entry<String, JsonNode> c : root.get("cases").properties()) {
        cases.add(of(c.getKey(), c.getValue(), root.get("batch").asInt(), rates));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The network of the case of that name. */
  public static NetworkSpec spec(String name) {
    return all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow().spec();
  }

  int views() {
    return spec.objective().symmetry().views();
  }

  private static ReferenceCase of(String name, JsonNode node, int batch, Rates rates) {
    return new ReferenceCase(
        name,
        network(node.get("spec")),
        batch,
        node.get("spec").get("size").asInt(),
        rates,
        numbers(node.get("loss")),
        numbers(node.get("output_std")),
        summaries(node.get("gradients")),
        summaries(node.get("weights")),
        summary(node.get("features")));
  }

  private static NetworkSpec network(JsonNode c) {
    return new NetworkSpec(
        new EncoderSpec(
            constant(Arch.class, c.get("arch")),
            constant(Stem.class, c.get("stem")),
            c.get("width").asInt(),
            false),
        new ProjectorSpec(
            c.get("layers").asInt(),
            c.get("dim").asInt(),
            c.get("projector_hidden_bn").asBoolean(),
            c.get("projector_output_bn").asBoolean(),
            c.get("output_affine").asBoolean()),
        new PredictorSpec(
            constant(PredictorKind.class, c.get("predictor")),
            c.get("hidden").asInt(),
            c.get("predictor_hidden_bn").asBoolean(),
            c.get("predictor_output_bn").asBoolean()),
        new ObjectiveSpec(
            constant(Similarity.class, c.get("similarity")),
            c.get("stop_gradient").asBoolean(),
            constant(Symmetry.class, c.get("symmetry"))));
  }

  private static <E extends Enum<E>> E constant(Class<E> type, JsonNode name) {
    return Enum.valueOf(type, name.asText().toUpperCase(Locale.ROOT));
  }

  private static List<Double> numbers(JsonNode node) {
    List<Double> numbers = new ArrayList<>();
    node.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  private static Map<String, Summary> summaries(JsonNode node) {
    Map<String, Summary> summaries = new TreeMap<>();
    node.properties().forEach(e -> summaries.put(e.getKey(), summary(e.getValue())));
    return summaries;
  }

  private static Summary summary(JsonNode node) {
    return new Summary(node.get(0).asDouble(), node.get(1).asDouble());
  }

  @Override
  public String toString() {
    return name;
  }
}
