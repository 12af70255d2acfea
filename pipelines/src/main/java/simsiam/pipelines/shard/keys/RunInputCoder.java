package simsiam.pipelines.shard.keys;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.SerializableCoder;

/** A byte that tells which of the two, then that. */
public final class RunInputCoder extends CustomCoder<RunInput> {
  private static final Coder<RunTask> TASK = SerializableCoder.of(RunTask.class);
  private static final Coder<byte[]> LOST = ByteArrayCoder.of();

  @Override
  public void encode(RunInput input, OutputStream out) throws IOException {
    if (input instanceof LostRows lost) {
      out.write(1);
      LOST.encode(lost.packed(), out);
    } else {
      out.write(0);
      TASK.encode((RunTask) input, out);
    }
  }

  @Override
  public RunInput decode(InputStream in) throws IOException {
    return in.read() == 1 ? new LostRows(LOST.decode(in)) : TASK.decode(in);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(
        this, "Java's serialization may write one value in two ways");
  }
}
