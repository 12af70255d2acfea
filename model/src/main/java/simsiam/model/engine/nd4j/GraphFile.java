package simsiam.model.engine.nd4j;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import simsiam.model.data.AtomicFile;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;

/**
 * An encoder as a DL4J model file, which {@code ModelSerializer.restoreComputationGraph} restores
 * where these classes are on the class path: normalised pixels [N, S, S, 3] to features [N, D].
 */
public final class GraphFile {
  /** Under this key {@code ModelSerializer.getObjectFromFile} finds the metadata. */
  public static final String METADATA = "simsiam";

  private static final boolean WITH_UPDATER = false;

  private GraphFile() {}

  /**
   * Writes the file, whole or not at all.
   *
   * @param weights of the whole network, or of the backbone alone
   * @param metadata text about the encoder, kept in the file as a {@code TreeMap}
   */
  public static void write(
      NetworkSpec spec,
      SortedMap<String, Tensor> weights,
      SortedMap<String, String> metadata,
      Path file)
      throws IOException {
    Nd4jBackend.load();
    Path target = file.toAbsolutePath();
    Path aside = AtomicFile.temporary(target);
    ComputationGraph graph = NetworkGraph.encoder(spec, weights);
    try {
      ModelSerializer.writeModel(graph, aside.toFile(), WITH_UPDATER);
      ModelSerializer.addObjectToFile(aside.toFile(), METADATA, new TreeMap<>(metadata));
      force(aside);
      AtomicFile.commit(aside, target);
    } finally {
      graph.close();
      AtomicFile.discard(aside);
    }
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
