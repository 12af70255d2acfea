package simsiam.pipelines.bench.data;

/**
 * Rates of the two data stages on this machine.
 *
 * @param images processed
 * @param cores of the machine
 * @param preprocessSeconds from the start of the pipeline to its end
 * @param shardSeconds from the start of the pipeline to its end
 */
public record PreprocessResult(
    long images, int cores, double preprocessSeconds, double shardSeconds) {
  public double preprocessImagesPerSecond() {
    return images / preprocessSeconds;
  }

  public double shardImagesPerSecond() {
    return images / shardSeconds;
  }
}
