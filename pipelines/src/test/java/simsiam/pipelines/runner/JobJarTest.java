package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the jar that clusters get holds. */
@Tag("flink")
@Tag("spark")
class JobJarTest {
  private static final String SERVICES = "META-INF/services/org.apache.beam.sdk.";

  private static JarFile open() throws IOException {
    Path folder = Path.of(System.getProperty("simsiam.jobs"));
    return new JarFile(folder.resolve("simsiam-" + runner() + "-job.jar").toFile());
  }

  private static String runner() {
    return System.getProperty("simsiam.runner");
  }

  private static String text(JarFile jar, String entry) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theServicesOfAllJarsAreThere() throws IOException {
    try (JarFile jar = open()) {
      assertThat(text(jar, SERVICES + "runners.PipelineRunnerRegistrar"))
          .contains("DirectRegistrar", runner().equals("flink") ? "FlinkRunner" : "SparkRunner");
      assertThat(text(jar, SERVICES + "options.PipelineOptionsRegistrar"))
          .contains("DirectRegistrar", runner().equals("flink") ? "FlinkRunner" : "SparkRunner");
      assertThat(text(jar, SERVICES + "io.FileSystemRegistrar"))
          .contains("LocalFileSystemRegistrar");
    }
  }

  @Test
  void thereIsNoEngineAndNothingOfTheCluster() throws IOException {
    try (JarFile jar = open()) {
      List<String> names = jar.stream().map(ZipEntry::getName).toList();

      assertThat(names)
          .contains(
              "simsiam/pipelines/preprocess/PrepareChunk.class",
              "simsiam/model/data/ShardWriter.class",
              "org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so",
              "org/bytedeco/leptonica/linux-x86_64/libleptonica.so.6")
          .noneMatch(name -> name.matches("org/(nd4j|deeplearning4j)/.*"))
          .noneMatch(name -> name.matches("org/bytedeco/(?!javacpp/|leptonica/).+"))
          .noneMatch(name -> name.matches("(?i).*(nd4j|torch|openblas|jnind).*\\.so.*"))
          .noneMatch(
              name -> name.matches("org/apache/(flink|spark)/(api|runtime|core|rdd)/.*class"))
          .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA)"))
          .noneMatch(name -> name.endsWith("module-info.class"));
    }
  }

  @Test
  void classesForNewerJavasAreFound() throws IOException {
    try (JarFile jar = open()) {
      assertThat(jar.isMultiRelease()).isTrue();
      assertThat(jar.getManifest().getMainAttributes().getValue("Class-Path")).isNull();
    }
  }
}
