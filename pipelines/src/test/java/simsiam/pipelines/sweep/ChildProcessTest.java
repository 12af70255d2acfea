package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  @TempDir Path folder;

  /** A child that writes which devices it sees, and what it was told to run. */
  static final class Seeing {
    private Seeing() {}

    @SuppressWarnings("SystemOut") // what its parent keeps as a log
    public static void main(String[] args) {
      System.out.println(
          String.join(" ", args) + " on " + System.getenv().get("CUDA_VISIBLE_DEVICES"));
    }
  }

  private List<String> seen(Share share, int children, Map<String, String> environment)
      throws Exception {
    ChildProgram program =
        new ChildProgram(
            List.of(),
            List.of("-cp", System.getProperty("java.class.path"), Seeing.class.getName()),
            environment);
    List<ChildProcess> running = new ArrayList<>();
    List<Path> logs = new ArrayList<>();
    for (int slot = 0; slot < children; slot++) {
      Path log = folder.resolve(children + "-" + share.devices().size() + "-" + slot + ".log");
      logs.add(log);
      running.add(
          ChildProcess.start(
              program,
              new ChildProgram.Task("config-" + slot, log.toString(), List.of(), List.of()),
              share,
              slot));
    }
    List<String> said = new ArrayList<>();
    for (int slot = 0; slot < children; slot++) {
      assertThat(running.get(slot).await(60_000)).isTrue();
      said.add(Files.readString(logs.get(slot)).strip());
    }
    return said;
  }

  private static Share share(int children, String... devices) {
    return Share.of(
        children, new Share.Machine(children, 1024, Optional.empty(), List.of(devices)));
  }

  @Test
  void eachOfSeveralSeesADeviceOfItsOwn() throws Exception {
    assertThat(seen(share(3, "2", "5", "7"), 3, Map.of("CUDA_VISIBLE_DEVICES", "2,5,7")))
        .containsExactly("run config-0 on 2", "run config-1 on 5", "run config-2 on 7");
  }

  @Test
  void moreThanThereAreDevicesShareThem() throws Exception {
    assertThat(seen(share(3, "GPU-a", "GPU-b"), 3, Map.of()))
        .containsExactly("run config-0 on GPU-a", "run config-1 on GPU-b", "run config-2 on GPU-a");
  }

  @Test
  void oneThatHasTheMachineSeesWhatItsParentSees() throws Exception {
    assertThat(seen(Share.whole(), 1, Map.of("CUDA_VISIBLE_DEVICES", "4,6")))
        .containsExactly("run config-0 on 4,6");
  }
}
