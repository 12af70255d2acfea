package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

  /** A launcher beside a program that is built, and a Java that tells how it is called. */
  private String environmentOfJava(String... variables) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path built = Files.createDirectories(home.resolve("dist/1-1"));
    Files.copy(LAUNCHER, home.resolve("simsiam"), StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(built.resolve("built"), "");
    Files.writeString(home.resolve("pom.xml"), "");
    Files.writeString(
        Files.createDirectories(home.resolve("part/src/main")).resolve("X.java"), "class X {}");
    Files.writeString(home.resolve("part/pom.xml"), "");
    Files.writeString(built.resolve("sources"), checksum(home));
    if (!Files.exists(home.resolve("dist/current"))) {
      Files.createSymbolicLink(home.resolve("dist/current"), Path.of("1-1"));
    }
    Path java = folder.resolve("jdk/bin/java");
    if (!Files.exists(java)) {
      fakeJdk("17.0.1");
      Files.writeString(
          java, "#!/bin/bash\necho \"${LC_ALL-} ${LC_CTYPE-} ${LANG-} ${LC_NUMERIC-}\"\n");
    }
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", home.resolve("simsiam").toString(), "doctor")
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    for (String variable : variables) {
      String[] pair = variable.split("=", 2);
      builder.environment().put(pair[0], pair[1]);
    }
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip().lines().reduce((first, last) -> last).orElseThrow();
  }

  /** Of the sources, as the launcher takes it: it builds when that is another one. */
  private static String checksum(Path home) throws Exception {
    Process process =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "find pom.xml ./*/pom.xml ./*/src/main -type f -print0 | LC_ALL=C sort -z"
                    + " | xargs -0 cksum | cksum")
            .directory(home.toFile())
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void namesOfFilesAreUtf8WhereTheLocaleHasNoEncodingForThem() throws Exception {
    assertThat(environmentOfJava()).isEqualTo("C.UTF-8");
    assertThat(environmentOfJava("LANG=C")).isEqualTo("C.UTF-8 C");
    assertThat(environmentOfJava("LC_ALL=POSIX", "LC_NUMERIC=de_DE.UTF-8"))
        .isEqualTo("C.UTF-8 POSIX");
    assertThat(environmentOfJava("LANG=xx_XX.UTF-8"))
        .as("not installed")
        .isEqualTo("C.UTF-8 xx_XX.UTF-8");
    assertThat(environmentOfJava("LANG=C.UTF-8", "LC_NUMERIC=C")).isEqualTo("C.UTF-8 C");
  }

  @Test
  void refusesALimitOfFilesThatJavaCannotLiveWith() throws Exception {
    Process process =
        new ProcessBuilder("/bin/bash", "-c", "ulimit -n 64; exec \"$0\" doctor", homeLauncher())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(said)
        .isEqualTo(
            "error: Cannot start: expected at least 512 open files to be allowed, got 64 (ulimit -Hn)\n");
  }

  private String homeLauncher() throws Exception {
    environmentOfJava();
    Path launcher = folder.resolve("home/simsiam");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    return launcher.toString();
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
