package simsiam.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.net.Method.Output;
import simsiam.model.net.Method.Part;
import simsiam.model.net.Method.Term;

class SimSiamTest {
  private static final String Z = "projector.4";
  private static final String P = "predictor.3";

  private static SimSiam method(PredictorKind kind, boolean stopGradient, Symmetry symmetry) {
    return SimSiam.of(
        new NetworkSpec(
            new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false),
            new ProjectorSpec(2, 16, true, true, true),
            new PredictorSpec(kind, 8, true, false),
            new ObjectiveSpec(Similarity.COSINE, stopGradient, symmetry)));
  }

  private static Term term(double weight, String p, int pView, int zView, boolean stop) {
    return new Term(weight, new Output(p, pView), new Output(Z, zView), stop);
  }

  @Test
  void comparesTheViewsThatThePaperCompares() {
    assertThat(method(PredictorKind.MLP, true, Symmetry.SYMMETRIC).terms())
        .containsExactly(term(0.5, P, 0, 1, true), term(0.5, P, 1, 0, true));
    assertThat(method(PredictorKind.MLP, true, Symmetry.ASYMMETRIC).terms())
        .containsExactly(term(1, P, 0, 1, true));
    assertThat(method(PredictorKind.MLP, false, Symmetry.ASYMMETRIC_2X).terms())
        .containsExactly(term(0.5, P, 0, 1, false), term(0.5, P, 2, 3, false));
    assertThat(method(PredictorKind.NONE, true, Symmetry.SYMMETRIC).terms())
        .containsExactly(term(0.5, Z, 0, 1, true), term(0.5, Z, 1, 0, true));
  }

  @Test
  void knowsWhichViewsHaveAGradient() {
    SimSiam stopped = method(PredictorKind.MLP, true, Symmetry.ASYMMETRIC_2X);
    SimSiam live = method(PredictorKind.MLP, false, Symmetry.ASYMMETRIC_2X);

    assertThat(List.of(0, 1, 2, 3)).filteredOn(stopped::differentiates).containsExactly(0, 2);
    assertThat(List.of(0, 1, 2, 3)).allMatch(live::differentiates);
  }

  @Test
  void joinsItsPartsToOneNetwork() {
    Network network = method(PredictorKind.FIXED, true, Symmetry.SYMMETRIC).network();

    assertThat(network.input()).isEqualTo("images");
    assertThat(network.output()).isEqualTo(P);
    assertThat(network.shapes(32)).containsEntry("backbone.avgpool", Shape.vector(32));
    assertThat(network.shapes(32)).containsEntry(Z, Shape.vector(16));
  }

  @Test
  void trainsEachPartAsThePaperSays() {
    assertThat(method(PredictorKind.FIXED, true, Symmetry.SYMMETRIC).parts())
        .extracting(Part::trained, Part::predictor)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(true, false),
            org.assertj.core.api.Assertions.tuple(true, false),
            org.assertj.core.api.Assertions.tuple(false, true));
    assertThat(method(PredictorKind.NONE, true, Symmetry.SYMMETRIC).parts()).hasSize(2);
  }
}
