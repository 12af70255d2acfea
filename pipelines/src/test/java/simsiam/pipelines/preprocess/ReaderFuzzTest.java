package simsiam.pipelines.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damaged files of every kind end in an image of the right size or in a clean refusal. More of
 * them: {@code -Dfuzz.inputs=20000 -Dfuzz.seed=1}.
 */
class ReaderFuzzTest {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderFuzzTest.class);

  @Test
  void damagedFilesAreReadOrRefusedInASmallHeap() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                ReaderFuzz.class.getName(),
                System.getProperty("fuzz.inputs", "1500"),
                System.getProperty("fuzz.seed", "1"))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    LOG.info("{}", output);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains(" 0 findings");
  }
}
