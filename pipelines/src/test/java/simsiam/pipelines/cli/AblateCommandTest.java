package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.stage.Json;

/** What the commands say of sweeps when there is nothing to run, or nothing that can be. */
class AblateCommandTest extends ProgramHarness {
  @Test
  void theTableSoFarRunsNothing() throws Exception {
    assertThat(program("run", BASE, workspace, "train.epochs=2")).isZero();

    int code =
        program("ablate", "--table", "--base", BASE, workspace, "train.epochs=2,3", "seed=1,2");

    // The fake stages do not read the seed: both seeds of two epochs are there.
    assertThat(code).isZero();
    assertThat(out.toString())
        .containsPattern("train.epochs  n +probe_top1 +linear_top1 +knn_top1 +final_loss ")
        .containsPattern("2 +2 +80.50 ± 0.00 +-0.8000 ± 0.0000")
        .containsPattern("3 +0 of 2\n")
        .contains("2 points are still to be run\n")
        .contains("sweep: " + folder.resolve("sweeps/grid-simsiam/sweep.json"));
    assertThat(services.calls).doesNotContain("train FAILED");
    assertThat(folder.resolve("sweeps/grid-simsiam/points")).doesNotExist();
  }

  @Test
  void theTableIsSweepJsonToo() throws Exception {
    assertThat(program("ablate", "--table", "--json", "--base", BASE, workspace, "seed=1,2"))
        .isZero();

    Map<?, ?> printed = Json.parse(out.toString());
    Path file = folder.resolve("sweeps/grid-simsiam/sweep.json");
    assertThat(printed).isEqualTo(Json.parse(Files.readString(file)));
    assertThat((List<?>) printed.get("points")).hasSize(2);
  }

  @Test
  void aPlanTellsWhatIsThereAndWhatTheRestIsExpectedToTake() throws Exception {
    assertThat(program("run", BASE, workspace, "train.epochs=2")).isZero();

    assertThat(program("plan", "--base", BASE, workspace, "train.epochs=2,4", "linear.epochs=5,6"))
        .isZero();

    assertThat(out.toString())
        .contains("sweep grid-simsiam on " + BASE + ": 4 points, of which 0 done")
        .containsPattern("train.epochs=2 linear.epochs=5 +\\w{10} +queued +\\S+ s +linear\n")
        .containsPattern("train.epochs=4 linear.epochs=6 +\\w{10} +queued +\\S+ s +train, linear\n")
        .contains("train.epochs 2 -> 4 at 2 point(s): training begins anew")
        .contains("outputs to make, each once: linear 4, train 1\n")
        .contains("shared by several points: train\n");

    program("plan", "--base", BASE, workspace, "train.epochs=2,4", "linear.epochs=5,6", "--json");
    List<?> outputs = (List<?>) Json.parse(out.toString()).get("outputs");
    assertThat(outputs.stream().map(output -> String.valueOf(((Map<?, ?>) output).get("stage"))))
        .containsExactly("linear", "linear", "train", "linear", "linear");
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    assertThat(program("ablate", "--base", BASE, workspace, "seed=1,2", "-j", "0"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .containsExactly("error: Cannot use --jobs: expected 1 to 999 or auto, got 0");

    assertThat(program("ablate", "--base", BASE, workspace, "seed=1,2", "--retry", "all"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors()).containsExactly("error: Cannot retry all: expected failed");

    assertThat(program("ablate", BASE, workspace, "seed=1,2")).isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .containsExactly(
            "error: Cannot ablate "
                + BASE
                + " "
                + workspace
                + " seed=1,2: expected the file of a sweep, or --base CONFIG and axes");

    assertThat(program("ablate", BASE, "--base", BASE, "seed=1,2")).isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .containsExactly(
            "error: Cannot expand " + BASE + ": expected the file of a sweep, or key=value words");
  }

  @Test
  void whatIsWrongWithAClusterIsSaidBeforeAnythingBegins() throws Exception {
    Path nothing = folder.resolve("nothing");
    String[][] wrong = {
      {
        "Cannot use --distribution: expected --runner flink or spark with it, got none",
        "--distribution",
        nothing.toString()
      },
      {
        "Cannot run points by dataflow, whose machines see no workspace: expected direct, flink or"
            + " spark",
        "--runner",
        "dataflow"
      },
      {
        "Cannot use a distribution: expected a folder with simsiam.jar and lib, such as"
            + " dist/current of a built program, got none at "
            + nothing,
        "--runner",
        "flink",
        "--distribution",
        nothing.toString()
      },
      {
        "Cannot run points on a cluster: expected --distribution, as this program does not run from"
            + " one, got none",
        "--runner",
        "spark"
      }
    };
    for (String[] one : wrong) {
      List<String> words =
          new ArrayList<>(List.of("ablate", "--base", BASE, workspace, "seed=1,2"));
      words.addAll(List.of(one).subList(1, one.length));

      assertThat(program(words.toArray(String[]::new))).isEqualTo(ExitCode.USAGE);
      assertThat(errors()).containsExactly("error: " + one[0]);
    }
    assertThat(folder.resolve("sweeps")).doesNotExist();
    assertThat(services.calls).isEmpty();
  }

  @Test
  void aSweepIsReportedOnByNameFolderOrFile() throws Exception {
    assertThat(program("run", BASE, workspace, "train.epochs=2")).isZero();
    Path sweep = folder.resolve("sweeps/grid-simsiam");
    assertThat(program("ablate", "--table", "--base", BASE, workspace, "train.epochs=2,3"))
        .isZero();
    assertThat(sweep.resolve("report")).doesNotExist();

    for (String name : List.of("grid-simsiam", "grid", sweep.toString())) {
      assertThat(program("report", "--workspace", folder.toString(), name)).as(name).isZero();
      assertThat(out.toString()).contains(sweep.resolve("report/report.html") + "\n");
    }
    assertThat(Files.readString(sweep.resolve("report/results.md")))
        .contains("| train.epochs | n | collapsed | missing | probe_top1 | linear top-1 (%) |")
        .contains("| 2 | 1 | 0 of 1 | 0 |  | 80.50 |");

    String file = Path.of("..", "conf", "ablations", "predictor.yaml").toString();
    assertThat(program("report", "--workspace", folder.toString(), file)).isEqualTo(ExitCode.USAGE);
    assertThat(errors().get(0))
        .startsWith("error: Cannot report on " + file + ": expected one sweep of that name in ")
        .endsWith(", got none; simsiam ablate makes it");

    assertThat(program("report", "--workspace", folder.toString(), "other"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors().get(0)).contains("expected a run or a sweep of ");
  }

  @Test
  void ablateEndsWithTheReport() {
    assertThat(program("run", BASE, workspace, "train.epochs=2")).isZero();
    assertThat(program("run", BASE, workspace, "train.epochs=3")).isZero();

    assertThat(program("ablate", "--base", BASE, workspace, "train.epochs=2,3")).isZero();

    Path page = folder.resolve("sweeps/grid-simsiam/report/report.html");
    assertThat(out.toString()).endsWith("report: " + page + "\n");
    assertThat(page).isRegularFile();
  }
}
