package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;

/** The engine in the builds that users have, each a process of its own. */
class TorchNativesTest {
  private static List<String> start(String classPath) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                TorchStart.class.getName())
            .redirectErrorStream(true)
            .start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return new String(output, StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void namesTheProfileThatABuildLacks() throws Exception {
    String natives = ".*/pytorch-[^/]*-" + Loader.getPlatform() + "(-gpu)?\\.jar";
    String without =
        Arrays.stream(System.getProperty("java.class.path").split(":", -1))
            .filter(entry -> !entry.matches(natives))
            .collect(Collectors.joining(":"));
    String refusal =
        "Cannot start the torch engine: expected libtorch for linux-x86_64, got a build without it"
            + " (build with -Ptorch, or with -Ptorch-cuda for CUDA)";

    assertThat(without).isNotEqualTo(System.getProperty("java.class.path"));
    assertThat(start(without))
        .endsWith(refusal, refusal, "false", "this build has no libtorch; -Ptorch-cuda ships it");
  }

  @Test
  void findsTheLibrariesOfThisBuild() throws Exception {
    assertThat(start(System.getProperty("java.class.path")))
        .anyMatch(line -> line.startsWith("libtorch "))
        .contains("true");
  }
}
