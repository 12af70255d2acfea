package simsiam.model.engine.torch;

import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/** Which of libtorch's native libraries this build has, and what keeps them from being used. */
enum TorchNatives {
  NONE,
  CPU,
  CUDA;

  private static final String LIBRARY = "/org/bytedeco/pytorch/%s%s/libc10.so";

  /** Those on the class path; loads nothing. */
  static TorchNatives found() {
    if (isOnClassPath("-gpu")) {
      return CUDA;
    }
    return isOnClassPath("") ? CPU : NONE;
  }

  private static boolean isOnClassPath(String extension) {
    return torch.class.getResource(LIBRARY.formatted(Loader.getPlatform(), extension)) != null;
  }

  /**
   * Loads libtorch.
   *
   * @throws IllegalStateException saying which build or which library is missing
   */
  static void load() {
    loadingFailure()
        .ifPresent(
            failure -> {
              throw new IllegalStateException(
                  "Cannot start the torch engine: " + problem(failure), failure);
            });
  }

  /** Why libtorch does not load; empty if it does. */
  static Optional<LinkageError> loadingFailure() {
    return Loading.FAILURE;
  }

  /** Once a process: a second attempt would fail for having failed, which tells nothing. */
  private static final class Loading {
    static final Optional<LinkageError> FAILURE = attempt();

    private static Optional<LinkageError> attempt() {
      try {
        Loader.load(torch.class);
        return Optional.empty();
      } catch (LinkageError e) {
        return Optional.of(first(e));
      }
    }

    /** The library that is missing; what wraps it names the one that was asked for. */
    private static LinkageError first(LinkageError failure) {
      LinkageError first = failure;
      while (first.getCause() instanceof LinkageError cause) {
        first = cause;
      }
      return first;
    }
  }

  private static String problem(LinkageError failure) {
    String detail = String.valueOf(failure.getMessage());
    return switch (found()) {
      case NONE ->
          "expected libtorch for %s, got a build without it (build with -Ptorch, or with -Ptorch-cuda for CUDA)"
              .formatted(Loader.getPlatform());
      case CPU -> "expected libtorch to load, got " + detail;
      case CUDA ->
          "expected CUDA 13, cuDNN 9 and NCCL 2 where the loader finds them (LD_LIBRARY_PATH), got "
              + detail;
    };
  }

  /** What CUDA says of it: no driver, one that is too old, no device. */
  private static String reason() {
    try {
      torch.globalContext().lazyInitDevice(torch.DeviceType.CUDA);
      return "";
    } catch (RuntimeException e) {
      return ": " + TorchFailure.firstLine(e);
    }
  }

  /** Why libtorch cannot use a CUDA device here; empty if it can. Loads it where it is for CUDA. */
  static Optional<String> cudaProblem() {
    return switch (found()) {
      case NONE -> Optional.of("this build has no libtorch; -Ptorch-cuda ships it");
      case CPU ->
          Optional.of("the libtorch of this build is for the CPU; -Ptorch-cuda ships the other");
      case CUDA -> {
        Optional<LinkageError> failure = loadingFailure();
        if (failure.isPresent()) {
          yield failure.map(e -> "libtorch does not load: " + problem(e));
        }
        yield torch.cuda_is_available()
            ? Optional.empty()
            : Optional.of("libtorch finds no CUDA device" + reason());
      }
    };
  }
}
