package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;

class ProgramTest {
  private static final String BASE = Path.of("..", "conf", "base.yaml").toString();

  @TempDir private Path folder;
  private final FakeServices services = new FakeServices();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String workspace;

  @BeforeEach
  void workspace() {
    workspace = "workspace=" + folder;
  }

  private int program(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Output output = new Output(new PrintWriter(out), new PrintWriter(err), false);
    return new Program(services, output).run(args);
  }

  private List<String> errors() {
    return err.toString().lines().toList();
  }

  private String output(String stage) throws IOException {
    try (Stream<Path> folders = Files.list(folder.resolve("stages").resolve(stage))) {
      return Files.readString(folders.findFirst().orElseThrow().resolve("file"));
    }
  }

  @Test
  void runsEveryStageAndEndsWithTheFiguresTheUrlAndTheSummary() throws Exception {
    assertThat(program("run", BASE, workspace)).isZero();

    assertThat(out.toString().replaceAll("\\d\\.\\d s", "T").replace(folder.toString(), "RUNS"))
        .matches(
            """
            train   begins  never run
            train   ran          T  loss -0.8
            linear  begins  never run
            linear  ran          T  top-1 80.5 %
            linear top-1 80.50 %, loss -0.8000
            MLflow: http://localhost:5000/#/run
            summary: RUNS/invocations/\\d{8}-\\d{6}-simsiam/summary.json
            """);
    assertThat(services.calls)
        .containsExactly("tracking", "train FINISHED", "linear FINISHED", "run FINISHED", "close");
    assertThat(folder.resolve("latest")).isSymbolicLink();
    assertThat(folder.resolve("latest/summary.json"))
        .content()
        .contains("\"linear_top1\" : 80.5", "\"mlflow_url\" : \"http://localhost:5000/#/run\"");
    assertThat(folder.resolve("latest/run.log")).content().contains("Stage train begins");
    assertThat(folder.resolve("latest/plan.json")).content().contains("\"never run\"");
    assertThat(folder.resolve("latest/invocation.json")).content().contains("\"finished\"");
  }

  @Test
  void aSecondRunDoesNothingAndOpensNoTracker() {
    program("run", BASE, workspace);
    services.calls.clear();

    assertThat(program("run", BASE, workspace)).isZero();

    assertThat(out.toString())
        .startsWith(
            """
            train   cached              loss -0.8
            linear  cached              top-1 80.5 %
            linear top-1 80.50 %, loss -0.8000
            MLflow: http://localhost:5000/#/run
            """);
    assertThat(services.calls).isEmpty();
  }

  @Test
  void theResolvedConfigOfARunGivesTheSameRun() {
    program("run", BASE, workspace, "shard.salt=it's: #1", "train.epochs=3");
    String resolved = folder.resolve("latest/config.yaml").toString();

    assertThat(program("run", resolved)).isZero();

    assertThat(out.toString()).contains("train   cached", "linear  cached");
  }

  @Test
  void planSaysWhyAndChangesNothing() {
    program("run", BASE, workspace);

    assertThat(program("plan", BASE, workspace, "linear.epochs=30", "--force=train")).isZero();

    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .anyMatch(line -> line.startsWith("train forced") && line.endsWith("forced"))
        .anyMatch(line -> line.startsWith("linear run") && line.endsWith("linear.epochs 90 -> 30"));
    assertThat(services.calls).containsOnlyOnce("tracking");
    assertThat(program("plan", BASE, workspace, "--json")).isZero();
    assertThat(out.toString()).contains("\"state\" : \"cached\"", "\"fingerprint\" : ");
  }

  @Test
  void onlyRerunsOneStage() {
    program("run", BASE, workspace);

    assertThat(program("run", BASE, workspace, "--only", "linear", "linear.epochs=30")).isZero();

    assertThat(out.toString()).contains("linear  ran").doesNotContain("train   ");
  }

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
  void forceDoesNotSwallowTheWordAfterIt() {
    program("run", BASE, workspace);

    assertThat(program("run", BASE, "--force", workspace)).isZero();

    assertThat(out.toString()).contains("train   ran", "linear  ran");
  }

  @Test
  void whatFollowsTheDashesGoesToBeam() throws Exception {
    assertThat(program("run", BASE, workspace, "--runner", "FlinkRunner", "--", "--a=b", "--c"))
        .isZero();

    assertThat(output("train")).isEqualTo("RunnerOptions[runner=flink, arguments=[--a=b, --c]]");
  }

  @Test
  void aRunnerIsChosenByItsShortName() throws Exception {
    assertThat(program("run", BASE, workspace, "--runner=spark")).isZero();

    assertThat(output("train")).isEqualTo("RunnerOptions[runner=spark, arguments=[]]");
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
    assertThat(errors().get(0)).isEqualTo("error: java.lang.OutOfMemoryError: Java heap space");
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
        .containsExactly("error: Unknown command: rum", "did you mean run?", "See: simsiam --help");

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
  void helpAndVersionAreThere() {
    assertThat(program("--help")).isZero();
    assertThat(out.toString()).contains("run", "plan", "doctor").doesNotContain("warm-up");
    assertThat(program("--version")).isZero();
    assertThat(out.toString()).startsWith("simsiam ");
    assertThat(program()).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: simsiam");
  }

  @Test
  void configShowsEveryValueWithItsOrigin() {
    assertThat(program("config", BASE, "train.epochs=5")).isZero();

    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .contains("train.epochs 5 command line: train.epochs=5")
        .anyMatch(line -> line.matches("dataset.path \"\" ../conf/base.yaml:\\d+:\\d+"));
    assertThat(program("config", BASE, "--json")).isZero();
    assertThat(out.toString()).contains("\"train.base_lr\" : {");
  }

  @Test
  void statusListsRunsAndOutputs() {
    assertThat(program("status", "--workspace", folder.toString())).isZero();
    assertThat(out.toString()).startsWith("Nothing yet in " + folder);

    program("run", BASE, workspace);
    assertThat(program("status", "--workspace", folder.toString())).isZero();
    assertThat(out.toString())
        .contains("finished")
        .contains("./simsiam run ../conf/base.yaml")
        .contains("top-1 80.5 %");
    assertThat(program("status", "--json", "--workspace", folder.toString())).isZero();
    assertThat(out.toString()).contains("\"outputs\" : [", "\"state\" : \"finished\"");
  }

  @Test
  void reportTakesARunOrTheNewest() throws Exception {
    String runs = folder.toString();
    assertThat(program("report", "none", "--workspace", runs)).isEqualTo(2);
    program("run", BASE, workspace);
    assertThat(program("report", "--workspace", runs)).isZero();
    assertThat(out.toString())
        .isEqualTo(folder.toRealPath().resolve("latest").toRealPath() + "/report.html\n");
  }

  @Test
  void doctorShowsWhatThereIsAndWhatIsNot() {
    assertThat(program("doctor", "--workspace", folder.toString())).isZero();

    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .anyMatch(line -> line.startsWith("java " + Runtime.version()))
        .anyMatch(line -> line.startsWith("beam runners Direct"))
        .anyMatch(
            line ->
                line.equals("engine not usable: java.lang.UnsatisfiedLinkError: no jnind4jcpu"));
    assertThat(program("doctor", "--json", "--workspace", folder.toString())).isZero();
    assertThat(out.toString()).contains("\"cpu flags\" : ");
  }

  @Test
  void aWorkspaceThatCannotBeIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(program("run", BASE, "workspace=" + file.resolve("runs"))).isEqualTo(2);

    assertThat(errors()).singleElement().asString().contains(file.toString());
  }
}
