package simsiam.pipelines.beam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.util.UserCodeException;
import org.junit.jupiter.api.Test;

class WorkerFailureTest {
  private final UncheckedIOException cause =
      new UncheckedIOException("Cannot write x: disk", new IOException("disk"));

  @Test
  void theWordsOfTheFunctionComeFirst() {
    IllegalStateException direct = WorkerFailure.of(new PipelineExecutionException(cause));
    IllegalStateException nested =
        WorkerFailure.of(
            new RuntimeException(
                "Pipeline execution failed",
                new IOException("Job failed", UserCodeException.wrap(cause))));

    assertThat(direct).hasMessage("Cannot write x: disk").hasCause(cause);
    assertThat(nested).hasMessage("Cannot write x: disk").hasCause(cause);
  }

  @Test
  void ofATextTheNameOfTheClassIsLeftOut() {
    Throwable text = new Throwable("java.lang.IllegalStateException: Cannot read y");

    assertThat(WorkerFailure.of(new RuntimeException("Job failed", text)))
        .hasMessage("Cannot read y")
        .hasCause(text);
  }

  @Test
  void aFailureWithoutWordsIsNamed() {
    assertThat(WorkerFailure.of(new PipelineExecutionException(new NullPointerException())))
        .hasMessage("null pointer");
  }
}
