package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.FileTree;

/** What is found wrong during the work: one clear message that names the way out. */
class DamageTest {
  @TempDir private Path folder;
  private TinyStudy study;

  @BeforeEach
  void study() throws IOException {
    study = TinyStudy.in(folder);
  }

  private String run(String... more) throws Exception {
    try (SimsiamProcess run = study.start("run", "runs", more)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.output();
    }
  }

  /** Runs to a failure; returns the lines that begin with {@code error:}. */
  private List<String> fail(int code, String... more) throws Exception {
    try (SimsiamProcess run = study.start("run", "runs", more)) {
      assertThat(run.exitCode()).as(run.output()).isEqualTo(code);
      return errors(run.output());
    }
  }

  private static List<String> errors(String output) {
    return output.lines().filter(line -> line.startsWith("error: ")).toList();
  }

  private Path find(String stage, String name) throws IOException {
    try (Stream<Path> files = Files.walk(study.at("runs").resolve("stages").resolve(stage))) {
      return files.filter(file -> file.toString().endsWith(name)).findFirst().orElseThrow();
    }
  }

  /** Changes one byte, so that the size stays. */
  private static void corrupt(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aDamagedShardIsNamedWithItsRemedy() throws Exception {
    run("--to", "shard");
    Path shard = find("shard", "train-00001-of-00003.parquet");
    corrupt(shard);

    assertThat(fail(3, "--to", "pretrain"))
        .singleElement()
        .asString()
        .matches(
            "error: Cannot read shard train-00001-of-00003.parquet: expected SHA-256 [0-9a-f]{64},"
                + " got [0-9a-f]{64} \\("
                + shard
                + "\\); make the shards again with --force=shard");
    run("--to", "shard", "--force=shard");
  }

  @Test
  void aDamagedTrainingIsMendedAndEndsWithTheSameBytes() throws Exception {
    run("--to", "pretrain");
    SortedMap<String, String> whole = study.digests("runs");
    Path older = find("pretrain", "step-00000045");
    Path newest = find("pretrain", "step-00000060");
    Path output = newest.getParent().getParent();
    Path aside = output.resolveSibling(output.getFileName() + ".aside-1");

    Files.writeString(output.resolve("steps.csv"), "x", StandardOpenOption.APPEND);
    assertThat(run("--to", "pretrain"))
        .contains("output damaged: " + output.resolve("steps.csv") + " has")
        .contains("Continuing after epoch 4, step 60 (step-00000060)");
    assertThat(study.digests("runs")).containsExactlyEntriesOf(whole);

    corrupt(newest.resolve("weights.safetensors"));
    assertThat(run("--to", "features"))
        .contains(
            "output damaged: "
                + newest.resolve("weights.safetensors")
                + " has other bytes than were written; continues")
        .containsPattern("Checkpoint step-00000060 is damaged: .*; kept in " + aside)
        .contains("Continuing after epoch 3, step 45 (step-00000045)");
    assertThat(aside.resolve("step-00000060/weights.safetensors")).exists();
    Path log = study.at("runs").resolve("latest").toRealPath().resolve("run.log");
    assertThat(Files.readString(log)).containsPattern("INFO .*Checkpoint step-00000060 is damaged");
    FileTree.delete(aside);
    assertThat(study.digests("runs")).containsAllEntriesOf(whole);

    Files.writeString(newest.resolve("state.json"), "{}");
    Files.delete(older.resolve("state.json"));
    assertThat(fail(3, "--to", "pretrain"))
        .singleElement()
        .asString()
        .startsWith(
            "error: Cannot continue training: expected an intact checkpoint, got none but damaged"
                + " ones: step-00000060: expected state.json with the state of a training, got one"
                + " that lacks it; step-00000045: expected state.json, got no file (")
        .endsWith("; --force=pretrain trains from nothing, and keeps that folder");
    assertThat(newest).isDirectory();
    assertThat(run("--to", "pretrain", "--force=pretrain"))
        .contains("damaged output of pretrain is kept in " + aside);
    FileTree.delete(aside);
    assertThat(study.digests("runs")).containsAllEntriesOf(whole);
  }

  @Test
  void aFullDiskIsOneMessageAndWithRoomTheSameCommandContinues() throws Exception {
    List<String> inNamespace = List.of("unshare", "--user", "--map-root-user", "--mount", "sh");
    List<String> trial = new ArrayList<>(inNamespace);
    Path disk = Files.createDirectory(folder.resolve("disk"));
    trial.addAll(List.of("-c", "mount -t tmpfs -o size=1m tmpfs " + disk));
    try (SimsiamProcess mount = SimsiamProcess.start(folder, trial)) {
      assumeThat(mount.exitCode()).as("a small disk can be mounted: " + mount.output()).isZero();
    }
    String run =
        Stream.of(study.arguments("run", "disk/runs", "--to", "shard"))
            .collect(Collectors.collectingAndThen(Collectors.toList(), DamageTest::quoted));
    List<String> script = new ArrayList<>(inNamespace);
    script.addAll(
        List.of(
            "-c",
            """
            mount -t tmpfs -o size=1m tmpfs %1$s
            %2$s; echo "first: $?"
            mount -o remount,size=100m %1$s
            %2$s; echo "second: $?"
            """
                .formatted(disk, run)));
    try (SimsiamProcess both = SimsiamProcess.start(folder, script)) {
      assertThat(both.exitCode()).as(both.output()).isZero();
      assertThat(both.output()).contains("first: 3", "second: 0");
      assertThat(errors(both.output()))
          .singleElement()
          .asString()
          .matches(
              "error: Cannot write: expected space, got a full disk: .*No space left on device"
                  + " \\(workspace "
                  + disk
                  + "/runs on "
                  + disk
                  + " \\(tmpfs\\), 1\\.0 MB in all\\)");
    }
  }

  private static String quoted(List<String> arguments) {
    return SimsiamProcess.command(List.of(), arguments.toArray(String[]::new)).stream()
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(" "));
  }

  @Test
  void withoutANetworkADownloadFailsWithThePlaceWhereTheFileMayBePut() throws Exception {
    Path hosts = Files.createFile(folder.resolve("hosts")); // no name has an address
    Path base = Path.of("..", "conf", "cifar10.yaml");
    List<String> command =
        SimsiamProcess.command(
            List.of("-Djdk.net.hosts.file=" + hosts),
            "run",
            base.toString(),
            "workspace=" + study.at("runs"),
            "dataset.download=true");
    try (SimsiamProcess run = SimsiamProcess.start(folder, command)) {
      assertThat(run.exitCode()).as(run.output()).isEqualTo(3);
      assertThat(errors(run.output()))
          .singleElement()
          .asString()
          .isEqualTo(
              "error: Cannot download cifar-10-binary.tar.gz: expected a network, got no address"
                  + " for www.cs.toronto.edu"
                  + " (https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz). It may be fetched"
                  + " by other means and put at "
                  + study.at("runs").resolve("datasets/cifar10/cifar-10-binary.tar.gz"));
    }
  }

  @Test
  void theLauncherRefusesAnOldJava() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    String launcher = Path.of("..", "simsiam").toAbsolutePath().normalize().toString();
    List<String> command =
        List.of("env", "JAVA_HOME=" + folder.resolve("jdk"), "bash", launcher, "--version");

    try (SimsiamProcess run = SimsiamProcess.start(folder, command)) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.output())
          .isEqualTo(
              "error: Cannot run on Java 11.0.2: expected 17 or later ("
                  + java.toRealPath()
                  + ")\n");
    }
  }
}
