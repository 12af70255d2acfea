package simsiam.pipelines.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Another process is making the same output. */
public final class LockedException extends IOException {
  private static final long serialVersionUID = 1L;

  LockedException(String what, Optional<LockHolder> holder, Path file) {
    super(
        "Cannot run "
            + what
            + ": expected the workspace to be free, got a lock of "
            + holder.map(LockHolder::toString).orElse("a process that is just starting")
            + " ("
            + file
            + "; if that process is gone, delete the file)");
  }
}
