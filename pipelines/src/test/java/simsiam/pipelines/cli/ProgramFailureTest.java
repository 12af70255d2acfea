package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;

/** What is said of a run that fails, or that was asked for wrongly. */
class ProgramFailureTest extends ProgramHarness {
  @Test
  void onlyWithoutItsInputNamesTheCommandThatMakesIt() {
    assertThat(program("run", BASE, workspace, "--only", "linear", "train.epochs=5")).isEqualTo(2);

    assertThat(errors())
        .singleElement()
        .asString()
        .matches(
            "error: Cannot run linear: expected the output of train, which has not been made for"
                + " this configuration \\(.*/stages/train/[0-9a-f]{16}\\). Make it with:"
                + " ./simsiam run ../conf/base.yaml workspace=\\S+ train.epochs=5 --to train");
    assertThat(folder.resolve("invocations")).doesNotExist();
  }

  @Test
  void anUnknownRunnerIsRefusedWithThoseThereAre() {
    assertThat(program("run", BASE, workspace, "--runner=flunk")).isEqualTo(2);

    assertThat(errors().get(0))
        .isEqualTo(
            "error: Invalid value for option '--runner': expected direct, flink, spark, dataflow,"
                + " got flunk");
  }

  @Test
  void unsuitableBeamOptionsAreRefusedBeforeAnythingIsDone() {
    assertThat(program("run", BASE, workspace, "--", "--bad")).isEqualTo(2);

    assertThat(errors()).containsExactly("error: Cannot use --bad: expected a good one, got it");
    assertThat(folder.resolve("invocations")).doesNotExist();
  }

  @Test
  void aFailedStagePrintsTheCauseTheLogAndHowToContinue() {
    services.linear =
        context -> {
          throw new IOException("Cannot read features: expected 10 rows, got 9");
        };

    assertThat(program("run", BASE, workspace, "--force", "name=a b c".replace(" ", "-")))
        .isEqualTo(3);

    assertThat(errors()).hasSize(3);
    assertThat(errors().get(0)).isEqualTo("error: Cannot read features: expected 10 rows, got 9");
    assertThat(errors().get(1)).matches("log: .*/invocations/.*-a-b-c/run.log");
    assertThat(errors().get(2))
        .isEqualTo("continue with: ./simsiam run ../conf/base.yaml " + workspace + " name=a-b-c");
    assertThat(folder.resolve("latest/invocation.json")).content().contains("\"failed\"");
    assertThat(folder.resolve("latest/summary.json")).content().contains("\"failed\"");
    assertThat(folder.resolve("latest/run.log")).content().contains("at simsiam.pipelines.cli");
    assertThat(services.calls).contains("linear FAILED", "run FAILED", "close");
  }

  @Test
  void aFullDiskIsOneMessage() {
    services.train =
        context -> {
          throw new IllegalStateException(
              "Cannot write shard", new IOException("/x/a.parquet: No space left on device"));
        };

    assertThat(program("run", BASE, workspace)).isEqualTo(3);

    assertThat(errors().get(0))
        .matches(
            "error: Cannot write: expected space, got a full disk: /x/a.parquet: No space left on"
                + " device \\(workspace "
                + folder
                + " on .*, [\\d.,]+ MB in all\\)");

    services.train =
        context -> {
          throw new InvalidConfigException(
              List.of(new Violation("dataset.path", "No space left on device", "a whole archive")));
        };
    assertThat(program("run", BASE, workspace)).as("not the config's fault").isEqualTo(3);
  }

  @Test
  void causesAndErrorsOfTheMachineAreNamed() {
    services.train =
        context -> {
          throw new IllegalStateException("Cannot train", new IOException("broken pipe"));
        };
    program("run", BASE, workspace);
    assertThat(errors()).startsWith("error: Cannot train", "error: because: broken pipe");

    services.train =
        context -> {
          throw new OutOfMemoryError("Java heap space");
        };
    assertThat(program("run", BASE, workspace)).isEqualTo(3);
    assertThat(errors().get(0))
        .isEqualTo(
            "error: Cannot go on: expected more memory, got too little memory (Java heap space);"
                + " SIMSIAM_JAVA_OPTS=-Xmx8g gives it a heap of 8 GB");
  }

  @Test
  void aFaultOfTheProgramIsCalledOneWithItsPlace() {
    services.train =
        context -> {
          throw new NegativeArraySizeException("-3");
        };
    assertThat(program("run", BASE, workspace)).isEqualTo(3);
    assertThat(errors().get(0))
        .matches(
            "error: Cannot go on: negative array size: -3, a fault of the program"
                + " \\(ProgramFailureTest.java:\\d+\\)");
    assertThat(errors().get(1)).startsWith("log: ");

    services.train =
        context -> {
          throw new UncheckedIOException(new MalformedInputException(1));
        };
    program("run", BASE, workspace);
    assertThat(errors().get(0)).isEqualTo("error: text that is not UTF-8");

    services.train =
        context -> {
          throw new FileSystemException("/x/y", null, "Too many open files");
        };
    program("run", BASE, workspace);
    assertThat(errors().get(0))
        .isEqualTo(
            "error: Cannot use /x/y: expected a working file system, got Too many open files");
  }

  @Test
  void aHundredMistakesAreNotAllShown() throws Exception {
    Path config = folder.resolve("x.yaml");
    Files.writeString(config, "extends: base.yaml\n");
    for (int i = 0; i < 100; i++) {
      Files.writeString(config, "unknown" + i + ": 1\n", StandardOpenOption.APPEND);
    }
    Files.copy(Path.of(BASE), folder.resolve("base.yaml"));

    assertThat(program("plan", config.toString())).isEqualTo(2);

    assertThat(errors()).hasSize(21).endsWith("error: and 80 more");
  }

  @Test
  void whatAStageFindsWrongWithTheConfigIsTheUsersErrorWithItsPlace() {
    services.train =
        context -> {
          throw new InvalidConfigException(
              List.of(
                  new Violation("train.batch_size", "512", "at most 100, the images there are")));
        };

    assertThat(program("run", BASE, workspace, "train.batch_size=512")).isEqualTo(2);

    assertThat(errors().get(0))
        .isEqualTo(
            "error: Cannot set train.batch_size: expected at most 100, the images there are, got"
                + " 512 (command line: train.batch_size=512)");
  }

  @Test
  void aBrokenConfigListsEveryErrorAndStartsNothing() {
    assertThat(program("run", BASE, workspace, "train.epoch=1", "knn.k=0")).isEqualTo(2);

    assertThat(errors())
        .containsExactlyInAnyOrder(
            "error: Cannot set train.epoch: there is no such key; did you mean train.epochs?"
                + " (command line: train.epoch=1)",
            "error: Cannot set knn.k: expected at least 1, got 0 (command line: knn.k=0)");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void wrongUsageSaysWhatIsMeantAndWhereHelpIs() {
    assertThat(program("rum")).isEqualTo(2);
    assertThat(errors())
        .containsExactly(
            "error: Unknown command: rum", "did you mean run or prune?", "See: simsiam --help");

    assertThat(program("run", BASE, "--fron", "train")).isEqualTo(2);
    assertThat(errors().get(0)).isEqualTo("error: Unknown option: '--fron'");
    assertThat(errors().get(1)).isEqualTo("did you mean --from?");

    assertThat(program("run")).isEqualTo(2);
    assertThat(errors().get(0)).contains("Missing required parameter").contains("CONFIG");

    assertThat(program("run", BASE, "--only", "lineal")).isEqualTo(2);
    assertThat(errors())
        .containsExactly(
            "error: Cannot select stage lineal: expected one of train, linear; did you mean"
                + " linear?");

    assertThat(program("run", BASE, "--only", "linear", "--to", "linear")).isEqualTo(2);
    assertThat(errors())
        .containsExactly(
            "error: Cannot select stages: expected --only or --from and --to, got both");
  }

  @Test
  void aWorkspaceThatCannotBeIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(program("run", BASE, "workspace=" + file.resolve("runs"))).isEqualTo(2);

    assertThat(errors()).singleElement().asString().contains(file.toString());
  }
}
