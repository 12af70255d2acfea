package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher says before it starts any Java. */
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "simsiam").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private String output;

  private int launch(Map<String, String> environment) throws Exception {
    Path file = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", LAUNCHER.toString(), "plan", "x.yaml")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(file.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    output = Files.readString(file);
    return process.exitValue();
  }

  private Path fakeJdk(String release) throws IOException {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.createFile(
        java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + release + "\"\n");
    return folder.resolve("jdk");
  }

  @Test
  void refusesAnOldJavaInOneLine() throws Exception {
    for (String release : new String[] {"11.0.2", "1.8.0_392"}) {
      Path jdk = fakeJdk(release);

      assertThat(launch(Map.of("JAVA_HOME", jdk.toString()))).isEqualTo(2);

      assertThat(output)
          .isEqualTo(
              "error: Cannot run on Java %s: expected 17 or later (%s/bin/java)\n",
              release, jdk.toRealPath());
      Files.delete(jdk.resolve("bin/java"));
    }
  }

  @Test
  void refusesAJavaHomeWithoutJava() throws Exception {
    assertThat(launch(Map.of("JAVA_HOME", "/nowhere"))).isEqualTo(2);
    assertThat(output)
        .isEqualTo("error: Cannot run Java: expected a JDK in JAVA_HOME, got /nowhere\n");
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : new String[] {"readlink", "dirname"}) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
    }

    assertThat(launch(Map.of("PATH", tools.toString()))).isEqualTo(2);

    assertThat(output)
        .isEqualTo(
            "error: Cannot find Java: expected version 17 or later, in JAVA_HOME or on the PATH\n");
  }
}
