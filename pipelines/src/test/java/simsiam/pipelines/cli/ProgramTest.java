package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramTest extends ProgramHarness {
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
  void aPlanRefusesTheOptionsThatTheRunWould() {
    for (String command : List.of("plan", "run")) {
      assertThat(program(command, BASE, workspace, "--", "--bad")).isEqualTo(2);
      assertThat(errors()).containsExactly("error: Cannot use --bad: expected a good one, got it");
    }
  }

  @Test
  void aRunnerIsChosenByItsShortName() throws Exception {
    assertThat(program("run", BASE, workspace, "--runner=spark")).isZero();

    assertThat(output("train")).isEqualTo("RunnerOptions[runner=spark, arguments=[]]");
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
        .containsPattern(" 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  ")
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
        .anyMatch(line -> line.equals("engine not usable: Cannot load a library: no jnind4jcpu"))
        .anyMatch(line -> line.equals("bf16 AMX: train.precision bf16 may be used"));
    assertThat(program("doctor", "--json", "--workspace", folder.toString())).isZero();
    assertThat(out.toString()).contains("\"cpu flags\" : ");
  }
}
