package simsiam.eval.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.model.augment.Normalization;
import simsiam.model.engine.Engine;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.EvalBatches;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Classifier;
import simsiam.model.net.Tensor;
import simsiam.model.train.FineTuner;
import simsiam.model.train.FineTuner.Fitted;

/**
 * Semi-supervised evaluation: encoder and linear head trained end to end on a share of the labels,
 * then scored on the whole test split in eval mode, with the last epoch's weights. Test images do
 * not choose anything.
 */
public final class FineTuning {
  private static final int TEST_BATCH = 256;

  private final Engine engine;
  private final FineTuner.Job job;
  private final List<String> classNames;

  /**
   * A fine-tuning.
   *
   * @param classNames of the labels, as many as the job has classes
   */
  public FineTuning(Engine engine, FineTuner.Job job, List<String> classNames) {
    this.engine = engine;
    this.job = job;
    this.classNames = List.copyOf(classNames);
  }

  /**
   * Trains and scores.
   *
   * @param initial weights that the encoder begins with; its head is always new
   * @param train images that all have labels: {@code fraction} of those there are
   * @param test images that all have labels
   * @param unlabelled images of the test split that were left out
   * @param listener told of every epoch
   */
  public FineTuningResult run(
      SortedMap<String, Tensor> initial,
      ImageSet train,
      double fraction,
      ImageSet test,
      int unlabelled,
      Consumer<FineTuner.Epoch> listener) {
    Fitted fitted = new FineTuner(engine, job, train, test, listener, () -> false).run(initial);
    return new FineTuningResult(
        fraction, train.size(), score(fitted, test, unlabelled), fitted.history());
  }

  private EvalReport score(Fitted fitted, ImageSet test, int unlabelled) {
    Classifier classifier = Classifier.of(job.encoder(), job.classes());
    Normalization normalization = new Normalization(job.augment().mean(), job.augment().std());
    int size = job.augment().cropSize();
    int count = Math.min(TEST_BATCH, test.size());
    int threads = Runtime.getRuntime().availableProcessors();
    float[] logits = new float[Math.multiplyExact(count, job.classes())];
    double[] scores = new double[job.classes()];
    List<Verdict> verdicts = new ArrayList<>(test.size());
    try (TrainingNet net = engine.create(classifier, fitted.weights());
        EvalBatches batches = new EvalBatches(test, size, normalization, count, threads)) {
      while (batches.hasNext()) {
        try (ImageBatch batch = batches.next()) {
          net.predict(batch.pixels(), batch.size(), size, logits);
          for (int i = 0; i < batch.size(); i++) {
            for (int c = 0; c < scores.length; c++) {
              scores[c] = logits[i * scores.length + c];
            }
            verdicts.add(Verdict.of(batches.label(batch.index(i)), scores));
          }
        }
      }
    }
    return EvalReport.of(verdicts, unlabelled, classNames);
  }
}
