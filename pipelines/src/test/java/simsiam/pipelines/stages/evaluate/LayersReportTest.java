package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.eval.layers.LayerTaps;
import simsiam.eval.layers.LayersResult;
import simsiam.eval.layers.LayersResult.Layer;
import simsiam.eval.layers.LayersSpec;
import simsiam.model.engine.Tap;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.pipelines.Stages;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.StageResult;

class LayersReportTest {
  @TempDir private Path folder;

  private static LayersResult result(double first, boolean converged, int epochs) {
    return new LayersResult(
        new LayersSpec(2048, epochs, 256, 0.01, 1e-4, List.of()),
        5000,
        1000,
        List.of(
            new Layer("stem", 11, 1936, first, 0.001, true, epochs == 0 ? -1 : first - 1),
            new Layer("layer4", 4, 2048, 82, 0.01, converged, epochs == 0 ? -1 : 80),
            new Layer("pooled", 1, 128, 81, 0.1, true, epochs == 0 ? -1 : 79)));
  }

  private StageReport told(LayersResult trained, LayersResult random) throws IOException {
    new Evaluated<>(trained, random).write(folder);
    return new LayersStage().reportOf(folder, new StageResult("as recorded", new TreeMap<>()));
  }

  @Test
  void everyLayerIsARowAndAPointOfThePicture() throws IOException {
    StageReport report = told(result(60, true, 90), result(50, true, 90));

    assertThat(report.headline()).isEqualTo("best layer feature5, probe top-1 82.00 %");
    assertThat(report.tables().get(0).rows().get(0))
        .containsExactly(
            "feature1", "11 x 11", "1936", "60.00", "50.00", "59.00", "49.00", "0.001");
    assertThat(report.tables().get(0).rows().get(2)).startsWith("average pool", "1 x 1", "128");
    assertThat(report.curves().get(0).lines())
        .extracting("label")
        .containsExactly(
            "converged probe", "random encoder", "SGD with batch norm", "random encoder's SGD");
    assertThat(report.curves().get(0).lines().get(0).y()).containsExactly(60.0, 82.0, 81.0);
    assertThat(report.measures())
        .extracting(Measure::key, Measure::value, Measure::baseline)
        .contains(
            tuple("layers_feature1_probe_top1", 60.0, false),
            tuple("random_encoder_layers_feature1_probe_top1", 50.0, true),
            tuple("layers_average_pool_sgd_top1", 79.0, false));
    assertThat(report.measures()).noneMatch(Measure::warns);
  }

  @Test
  void withoutEpochsThereIsNoSecondProtocol() throws IOException {
    StageReport report = told(result(60, false, 0), result(50, true, 0));
    assertThat(report.curves().get(0).lines()).hasSize(2);
    assertThat(report.tables().get(0).rows().get(0)).contains("", "");
    assertThat(report.measures())
        .filteredOn(Measure::warns)
        .extracting(Measure::note)
        .containsExactly(
            "1 of 6; raise probe.max_iterations or probe.tolerance, or lower layers.max_dim");
    assertThat(report.measures()).extracting(Measure::key).noneMatch(key -> key.contains("sgd"));
  }

  private static RunConfig config(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("../conf/base.yaml"), List.of(overrides))
        .config();
  }

  @Test
  void itIsPartOfARunThatAsksForIt() {
    StageGraph all = new StageGraph(Stages.all());
    assertThat(all.of(config("layers.max_dim=9216")).names()).contains("layers");
    assertThat(all.of(config()).names()).doesNotContain("layers");
  }

  @Test
  void asManyLayersAsFitAreEncodedInOnePass() {
    Network network = Method.of(config().network()).encoder();
    List<Tap> taps = LayerTaps.of(network, 32, 9216);
    long quarter = Runtime.getRuntime().maxMemory() / 4;

    assertThat(LayersStage.passes(taps, network, 32, 10)).containsExactly(taps);
    assertThat(LayersStage.passes(taps, network, 32, quarter / 4 / 9216 / 2)).hasSizeBetween(2, 4);
    assertThat(LayersStage.passes(taps, network, 32, quarter / 4 / 9216)).hasSize(5);
    assertThatThrownBy(() -> LayersStage.passes(taps, network, 32, quarter / 4 / 9216 * 3))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "Cannot probe feature1: expected a heap of at least \\d+ MB for \\d+ images of 9216"
                + " values, got \\d+ MB; a smaller layers.max_dim helps");
  }
}
