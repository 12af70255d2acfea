package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Output;

/** What stages read from elsewhere is fetched by {@code run} alone, before it plans. */
class PrepareTest {
  private static final String BASE = Path.of("..", "conf", "base.yaml").toString();

  @TempDir private Path folder;
  private final FakeServices services = new FakeServices();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int program(String command, String... more) {
    String[] args = new String[more.length + 3];
    args[0] = command;
    args[1] = BASE;
    args[2] = "workspace=" + folder;
    System.arraycopy(more, 0, args, 3, more.length);
    Output output = PlainWords.output(out, err, false);
    return new Program(services, output).run(args);
  }

  @Test
  void runPreparesTheSelectedStagesAndPlanNone() {
    services.prepare = (stage, console) -> console.note("fetching for " + stage);

    assertThat(program("plan")).isZero();
    assertThat(out.toString()).doesNotContain("fetching");

    assertThat(program("run", "--to", "train")).isZero();
    assertThat(out.toString()).contains("fetching for train").doesNotContain("fetching for linear");
    assertThat(out.toString().indexOf("fetching"))
        .isLessThan(out.toString().indexOf("train  begins"));
  }

  @Test
  void whatCannotBeFetchedEndsTheRunBeforeItBegins() {
    services.prepare =
        (stage, console) -> {
          throw new IOException("Cannot download x: expected a network, got no address");
        };

    assertThat(program("run")).isEqualTo(ExitCode.STAGE_FAILED);

    assertThat(err.toString().lines())
        .containsExactly("error: Cannot download x: expected a network, got no address");
    assertThat(folder.resolve("invocations")).doesNotExist();
  }
}
