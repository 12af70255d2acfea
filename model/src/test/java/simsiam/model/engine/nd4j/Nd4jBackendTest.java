package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Nd4jBackendTest {
  private static final String SERVICES = "META-INF/services/";
  private static final String BACKEND = "org.nd4j.linalg.factory.Nd4jBackend";

  @Test
  void saysWhatComputes() {
    assertThat(new Nd4jEngine().describe())
        .matches(
            "ND4J 1\\.0\\.0-M2\\.1, oneDNN 3\\.\\d+\\.\\d+ \\((avx|sse)[a-z0-9_]+\\), CPU, \\d+ threads");
    assertThat(Nd4jOpsEngine.cpu().describe())
        .matches("ND4J 1\\.0\\.0-M2\\.1, operations of its own, CPU, \\d+ threads");
    assertThat(Nd4jBackend.load()).isSameAs(Nd4jBackend.load());
  }

  /** ND4J would take whichever of those on the class path has the highest priority. */
  @Test
  void showsNd4jOneOfTheBackendsThatThereAre(@TempDir Path folder) throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String backend : List.of("some.CpuBackend", "some.CudaBackend")) {
      Path file = folder.resolve(backend).resolve(SERVICES).resolve(BACKEND);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "# a comment\n" + backend + "\n");
      classPath.add(folder.resolve(backend).toUri().toURL());
    }
    try (URLClassLoader both = new URLClassLoader(classPath.toArray(URL[]::new), null)) {
      assertThat(Collections.list(both.getResources(SERVICES + BACKEND))).hasSize(2);
      for (URL one : classPath) {
        String backend = Path.of(one.toURI()).getFileName().toString();
        ClassLoader shown = new Nd4jBackend.OneBackend(both, backend);
        assertThat(Collections.list(shown.getResources(SERVICES + BACKEND)))
            .singleElement()
            .asString()
            .contains(backend);
      }
    }
  }
}
