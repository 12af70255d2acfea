package simsiam.pipelines.stages.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** Who reads a data set: in this build there is no runner but this machine. */
class SourceLookTest {
  @TempDir private Path images;
  @TempDir private Path cache;

  private void write(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      String name = (i % 2 == 0 ? "dog/" : "cat/") + i + ".png";
      Fixtures.write(images.resolve(name), new byte[] {(byte) i, (byte) (i >> 8)});
    }
    Thread.sleep(2_100); // until what is read is remembered
  }

  private SourceContents look(PipelineContext context, Runner reader) throws IOException {
    DatasetSpec spec = DatasetSpec.of(SourceKind.IMAGE_FOLDER, images.toString(), false, 0);
    SourceLook look = new SourceLook(spec, images, context, reader);
    return look.contents(look.open());
  }

  private LookContext dataflow() {
    return new LookContext(cache, new RunnerOptions(Runner.DATAFLOW, List.of()), new ArrayList<>());
  }

  @Test
  void manyFilesAreReadByTheRunnerAndWhatIsKnownByNobody() throws Exception {
    write(SourceLook.FEW + 1);
    LookContext dataflow = dataflow();
    assertThatThrownBy(() -> look(dataflow, Runner.DATAFLOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Cannot use the dataflow runner: expected its jars");
    assertThat(dataflow.notes())
        .containsExactly(
            "301 files or parts of files are new or changed (0 MB): dataflow reads them for the checksum of the data set");

    SourceContents here = look(LookContext.here(cache), Runner.DIRECT);

    assertThat(look(dataflow(), Runner.DATAFLOW)).isEqualTo(here);
  }

  @Test
  void fewFilesAreReadByThisMachine() throws Exception {
    write(SourceLook.FEW);
    LookContext dataflow = dataflow();

    SourceContents found = look(dataflow, Runner.DATAFLOW);

    assertThat(dataflow.notes()).isEmpty();
    assertThat(found)
        .isEqualTo(
            look(LookContext.here(Files.createDirectory(cache.resolve("new"))), Runner.DIRECT));
  }

  @Test
  void aSetThatThisMachinePreparesIsReadByIt() throws Exception {
    write(SourceLook.FEW + 1);
    LookContext dataflow = dataflow();

    assertThat(look(dataflow, Runner.DIRECT).files()).hasSize(SourceLook.FEW + 1);
    assertThat(dataflow.notes()).isEmpty();
  }
}
