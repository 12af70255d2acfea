package simsiam.pipelines.beam;

import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.util.UserCodeException;
import simsiam.model.config.Reason;

/** Finds what went wrong in a worker among the wrappings of Beam and of its runners. */
final class WorkerFailure {
  /** What a cluster leaves of an exception is its text, which starts with its class. */
  private WorkerFailure() {}

  /** The failure in the worker's own words. */
  static IllegalStateException of(Throwable failure) {
    Throwable cause = cause(failure);
    return new IllegalStateException(Reason.of(cause), cause);
  }

  /** What the last of Beam's wrappings holds; without any, the first cause of all. */
  private static Throwable cause(Throwable failure) {
    Throwable found = null;
    Throwable last = failure;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (isWrapping(t) && t.getCause() != null) {
        found = t.getCause();
      }
      last = t;
    }
    return found == null ? last : found;
  }

  private static boolean isWrapping(Throwable t) {
    return t instanceof PipelineExecutionException
        || t instanceof UserCodeException
        || t.toString().startsWith(UserCodeException.class.getName());
  }
}
