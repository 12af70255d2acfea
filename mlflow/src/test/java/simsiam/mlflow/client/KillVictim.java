package simsiam.mlflow.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A training in a process of its own, made to be killed: goes on from its last checkpoint (every
 * 500 steps), logs a point a step, and tells on standard output what it has logged.
 */
final class KillVictim {
  static final long STEPS = 1_000_000;

  private KillVictim() {}

  static double loss(long step) {
    return Math.cos((double) step);
  }

  /** Arguments: spool folder, checkpoint file. */
  public static void main(String[] args) throws Exception {
    Path checkpoint = Path.of(args[1]);
    long first = Files.exists(checkpoint) ? Long.parseLong(Files.readString(checkpoint)) : 0;
    Tracking tracking = Tracking.open(TrackingSettings.offline(Path.of(args[0])));
    TrackedRun run = tracking.startRun(RunRequest.of("victim", "kill", "victim"));
    for (long step = first; step < STEPS; step++) {
      if (step % 500 == 0) {
        run.persist();
        Path aside = checkpoint.resolveSibling("aside");
        Files.writeString(aside, Long.toString(step));
        Files.move(
            aside, checkpoint, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      run.metrics(Map.of("loss", loss(step)), step);
      System.out.write(
          (System.currentTimeMillis() + " " + step + "\n").getBytes(StandardCharsets.US_ASCII));
      if (step % 10 == 0) {
        Thread.sleep(1);
      }
    }
  }
}
