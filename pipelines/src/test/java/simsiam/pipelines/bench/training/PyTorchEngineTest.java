package simsiam.pipelines.bench.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;

class PyTorchEngineTest {
  @TempDir private Path folder;

  private Path program(String name) throws IOException {
    Path file = Files.createFile(Files.createDirectories(folder.resolve("bin")).resolve(name));
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private Map<String, String> path(String... more) {
    String path = folder.resolve("none") + File.pathSeparator + folder.resolve("bin");
    return more.length == 0 ? Map.of("PATH", path) : Map.of("PATH", path, "CXX", more[0]);
  }

  /** As PyTorch looks for one. */
  @Test
  void theCompilerIsTheOneThatCxxNamesOrOneOnThePath() throws IOException {
    assertThat(PyTorchEngine.compiler(Map.of())).isEmpty();
    assertThat(PyTorchEngine.compiler(path())).isEmpty();
    Files.createFile(Files.createDirectories(folder.resolve("bin")).resolve("g++"));
    assertThat(PyTorchEngine.compiler(path())).as("not executable").isEmpty();

    Path clang = program("clang++");
    assertThat(PyTorchEngine.compiler(path())).contains(clang);
    assertThat(PyTorchEngine.compiler(path(" "))).contains(clang);
    Path other = program("c++-14");
    assertThat(PyTorchEngine.compiler(path("c++-14"))).contains(other);
    assertThat(PyTorchEngine.compiler(path(other.toString()))).contains(other);
    assertThat(PyTorchEngine.compiler(path("icpx"))).isEmpty();
  }

  private static PyTorchEngine engine(boolean compiled) {
    return new PyTorchEngine(
        "python3", 2, Precision.BF16, new PyTorchEngine.Way(Device.CPU, compiled, false));
  }

  @Test
  void compiledAndEagerAreTold() {
    assertThat(engine(false).name()).isEqualTo("pytorch");
    assertThat(engine(true).name()).isEqualTo("pytorch compiled");
  }
}
