package simsiam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
  @TempDir private Path folder;

  private Distribution made(String name, String version, String content) throws IOException {
    return Distribution.at(Distributions.in(folder.resolve(name), version, content).getParent());
  }

  @Test
  void theVersionIsThatOfTheProgramsOwnClasses() throws IOException {
    Distribution one = made("one", "1.2", "a");

    assertThat(one.version()).startsWith("1.2-").hasSize(4 + 12);
    assertThat(made("copy", "1.2", "a").version()).isEqualTo(one.version());
    assertThat(made("other", "1.2", "b").version()).isNotEqualTo(one.version());
    assertThat(made("newer", "1.3", "a").version()).startsWith("1.3-");
    Files.writeString(folder.resolve("one/lib/other-1.2.jar"), "of another release");
    Files.writeString(folder.resolve("one/lib/simsiam-flink-job.jar"), "of workers");
    assertThat(Distribution.at(folder.resolve("one"))).isEqualTo(one);
  }

  @Test
  void whatIsNoDistributionOrAnotherOneIsRefused() throws IOException {
    assertThatThrownBy(() -> Distribution.at(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use a distribution: expected a folder with simsiam.jar and lib, such as"
                + " dist/current of a built program, got none at %s",
            folder);

    Distribution other = made("other", "1.2", "a");
    assertThatThrownBy(other::requireOwn)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use the distribution %s: expected version none, as it runs from single classes,"
                + " which runs here, got %s",
            folder.resolve("other"), other.version());
  }
}
