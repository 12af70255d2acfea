package simsiam.pipelines.tracking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The git commit of the working directory. */
final class SourceVersion {
  private SourceVersion() {}

  /** Commit, with {@code -dirty} if files differ; empty outside a repository or without git. */
  static Optional<String> current() {
    try {
      Process git =
          new ProcessBuilder(
                  "git", "describe", "--always", "--dirty", "--abbrev=40", "--match=NONE")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!git.waitFor(5, TimeUnit.SECONDS)) {
        git.destroyForcibly();
        return Optional.empty();
      }
      String version =
          new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.exitValue() == 0 ? Optional.of(version) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no git on this machine
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
