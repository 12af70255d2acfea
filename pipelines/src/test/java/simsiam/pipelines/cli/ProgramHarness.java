package simsiam.pipelines.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.cli.console.Output;

/** The program on fake stages and services, in this process and a folder of its own. */
abstract class ProgramHarness {
  static final String BASE = Path.of("..", "conf", "base.yaml").toString();

  @TempDir Path folder;
  final FakeServices services = new FakeServices();
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();
  String workspace;

  @BeforeEach
  void nameWorkspace() {
    workspace = "workspace=" + folder;
  }

  int program(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Output output = PlainWords.output(out, err, false);
    return new Program(services, output).run(args);
  }

  List<String> errors() {
    return err.toString().lines().toList();
  }

  String output(String stage) throws IOException {
    try (Stream<Path> folders = Files.list(folder.resolve("stages").resolve(stage))) {
      return Files.readString(folders.findFirst().orElseThrow().resolve("file"));
    }
  }
}
