package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Nd4jBackendTest {
  @Test
  void saysWhatConvolutionsRunOn() {
    Nd4jBackend backend = Nd4jBackend.load();
    assertThat(backend.describe())
        .matches(
            "ND4J 1\\.0\\.0-M2\\.1, oneDNN 3\\.\\d+\\.\\d+ \\((avx|sse)[a-z0-9_]+\\), CPU, \\d+ threads");
    assertThat(Nd4jBackend.load()).isSameAs(backend);
  }
}
