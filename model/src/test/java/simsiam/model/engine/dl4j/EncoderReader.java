package simsiam.model.engine.dl4j;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Another program, run from this source: knows DL4J, and of an exported encoder the file alone.
 * Arguments: the file, N and S; pixels float32 [N, 3, S, S] on standard input; a file for features
 * float32 [N, D].
 */
final class EncoderReader {
  private EncoderReader() {}

  public static void main(String[] args) throws IOException {
    ComputationGraph encoder = ModelSerializer.restoreComputationGraph(new File(args[0]));
    int n = Integer.parseInt(args[1]);
    int size = Integer.parseInt(args[2]);
    INDArray pixels = Nd4j.createFromArray(floats(System.in.readAllBytes()));
    INDArray features = encoder.outputSingle(pixels.reshape(n, 3, size, size));
    Files.write(Path.of(args[3]), bytes(features.reshape(features.length()).toFloatVector()));
  }

  static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  static byte[] bytes(float[] values) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }
}
