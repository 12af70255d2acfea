package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Nd4jBackendTest {
  @Test
  void convolutionsRunOnOneDnn() {
    Nd4jBackend backend = Nd4jBackend.load();
    assertThat(backend.oneDnn()).isTrue();
    assertThat(backend.describe())
        .matches(
            "ND4J 1\\.0\\.0-M2\\.1, CPU, \\d+ threads, oneDNN live "
                + "\\(a small convolution: \\d+ GFLOP/s\\)");
    assertThat(Nd4jBackend.load()).isSameAs(backend);
  }

  @Test
  void saysWhenOneDnnIsMissing() {
    assertThat(new Nd4jBackend("1", 2, false, 4.6).describe())
        .isEqualTo(
            "ND4J 1, CPU, 2 threads, oneDNN NOT live: training will be several times slower"
                + " (a small convolution: 5 GFLOP/s)");
  }
}
