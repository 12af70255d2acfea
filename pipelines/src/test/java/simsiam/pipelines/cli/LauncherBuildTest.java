package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the launcher builds: a project of one file, and a build and a Java that only say so. */
class LauncherBuildTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

  @TempDir private Path folder;
  private Path home;
  private Path source;

  @BeforeEach
  void project() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    source = home.resolve("pipelines/src/main/java/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class Main { int one; }");
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.writeString(home.resolve("pipelines/pom.xml"), "<project/>");
    Files.copy(Path.of("..", "simsiam"), home.resolve("simsiam"));
    script(
        home.resolve("mvnw"),
        """
        echo built >>builds
        mkdir -p pipelines/target/dist/lib
        echo jar >pipelines/target/simsiam-pipelines-1.0.jar
        """);
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.9\"\n");
    script(bin.resolve("java"), "echo started\n");
    script(bin.resolve("javac"), "true\n");
  }

  private static void script(Path file, String commands) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + commands);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** How many builds there were in all once the launcher has started Java. */
  private int builds() throws Exception {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", home.resolve("simsiam").toString(), "status")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().remove("MAVEN_ARGS");
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<String> lines = Files.readAllLines(output);
    assertThat(process.exitValue()).as(lines.toString()).isZero();
    assertThat(lines).last().isEqualTo("started");
    return Files.readAllLines(home.resolve("builds")).size();
  }

  @Test
  void whatIsBuiltIsStartedAsItIs() throws Exception {
    assertThat(builds()).isEqualTo(1);
    assertThat(builds()).isEqualTo(1);

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(builds()).as("after a new time of the same content").isEqualTo(1);
  }

  @Test
  void sourcesOfAnArchiveWithTimesOfThePastAreBuilt() throws Exception {
    assertThat(builds()).isEqualTo(1);

    Files.writeString(source, "class Main { int two; }");
    Files.setLastModifiedTime(source, LONG_AGO);

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aSourceThatIsGoneOrHasAnotherNameIsBuiltToo() throws Exception {
    Path folderOfSources = source.getParent();
    assertThat(builds()).isEqualTo(1);
    Files.move(source, source.resolveSibling("Other.java"));
    Files.setLastModifiedTime(folderOfSources, LONG_AGO);

    assertThat(builds()).isEqualTo(2);
  }
}
