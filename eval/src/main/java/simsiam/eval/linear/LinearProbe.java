package simsiam.eval.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureMatrix;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.Standardizer;
import simsiam.model.engine.LinearAlgebra;

/**
 * Linear evaluation on cached features (paper §4 and Appendix A, with the SGD recipe of batch 256
 * and rate 30 that the paper names): softmax regression, heavy-ball SGD of momentum 0.9, no weight
 * decay, the rate falling by a half cosine from {@code lr} at the first step towards 0 after the
 * last, step by step. Train images are shuffled anew each epoch; the last batch may be smaller, and
 * its mean is over its own images. The test split is scored after every epoch. The same inputs and
 * seed give the same result.
 */
public final class LinearProbe {
  private static final int TEST_BLOCK = FeatureMatrix.BLOCK_ROWS / 8;

  private final LinearSpec spec;
  private final LinearAlgebra algebra;
  private final long seed;

  public LinearProbe(LinearSpec spec, LinearAlgebra algebra, long seed) {
    this.spec = spec;
    this.algebra = algebra;
    this.seed = seed;
  }

  /**
   * Trains on the labelled images of one split and scores those of the other.
   *
   * @param listener told of each epoch as it ends
   */
  public LinearResult run(FeatureSet train, FeatureSet test, Consumer<LinearEpoch> listener) {
    train.requireComparable(test);
    FeatureSet labelled = train.labelled();
    if (labelled.size() == 0) {
      throw new IllegalArgumentException(
          "Cannot train the linear probe: expected labelled images, got none of " + train.size());
    }
    FeatureSet scored = test.labelled();
    if (spec.standardize()) {
      Standardizer standardizer = Standardizer.of(labelled);
      labelled = standardizer.apply(labelled);
      scored = standardizer.apply(scored);
    }
    return train(labelled, scored, train.unlabelled(), test.unlabelled(), listener);
  }

  private LinearResult train(
      FeatureSet train,
      FeatureSet test,
      int trainUnlabelled,
      int testUnlabelled,
      Consumer<LinearEpoch> listener) {
    Random random = new Random(seed);
    SoftmaxRegression model =
        new SoftmaxRegression(
            algebra, train.dim(), train.classNames().size(), spec.optimizer(), random);
    ProbeEpochs epochs = new ProbeEpochs(spec, train, model, random);
    List<LinearEpoch> curve = new ArrayList<>();
    EvalReport last = null;
    EvalReport best = null;
    int bestEpoch = 0;
    for (int epoch = 1; epoch <= spec.epochs(); epoch++) {
      double loss = epochs.run(epoch);
      last = score(model, test, testUnlabelled);
      if (best == null || last.top1() > best.top1()) {
        best = last;
        bestEpoch = epoch;
      }
      curve.add(new LinearEpoch(epoch, epochs.lr(), loss, last.top1(), last.top5()));
      listener.accept(curve.get(curve.size() - 1));
    }
    return new LinearResult(
        spec, seed, train.size(), trainUnlabelled, last, best, bestEpoch, curve);
  }

  /** How a layer does on labelled images. */
  static EvalReport score(SoftmaxRegression model, FeatureSet test, int unlabelled) {
    int classes = test.classNames().size();
    float[] logits = new float[TEST_BLOCK * classes];
    double[] scores = new double[classes];
    List<Verdict> verdicts = new ArrayList<>(test.size());
    for (int from = 0; from < test.size(); from += TEST_BLOCK) {
      int count = Math.min(TEST_BLOCK, test.size() - from);
      model.logits(test.features().holding(from), test.features().offset(from), count, logits);
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < classes; c++) {
          scores[c] = logits[i * classes + c];
        }
        verdicts.add(Verdict.of(test.labels()[from + i], scores));
      }
    }
    return EvalReport.of(verdicts, unlabelled, test.classNames());
  }
}
