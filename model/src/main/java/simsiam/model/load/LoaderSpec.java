package simsiam.model.load;

import simsiam.model.config.Checks;
import simsiam.model.config.Execution;

/**
 * How the images of an epoch become batches.
 *
 * @param views V, views an image
 * @param batchSize N, images a batch
 * @param seed of the order and of the views
 * @param threads that make views; they do not change the batches
 */
public record LoaderSpec(int views, int batchSize, long seed, @Execution int threads) {
  public LoaderSpec {
    new Checks()
        .atLeast("views", views, 1)
        .atLeast("batch_size", batchSize, 1)
        .atLeast("loader_threads", threads, 1)
        .done();
  }
}
