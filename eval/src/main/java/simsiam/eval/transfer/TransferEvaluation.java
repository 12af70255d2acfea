package simsiam.eval.transfer;

import java.util.List;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeResult;
import simsiam.eval.probe.ProbeSpec;
import simsiam.eval.svm.SvmClassifier;
import simsiam.eval.svm.SvmSpec;
import simsiam.eval.transfer.TransferResult.SetResult;
import simsiam.model.engine.LinearAlgebra;

/**
 * kNN, the converged probe and SVMs on features of another data set than the encoder was trained
 * on; of images that may show several classes SVMs alone.
 */
public final class TransferEvaluation {
  private final KnnSpec knn;
  private final ProbeSpec probe;
  private final SvmSpec svm;
  private final LinearAlgebra algebra;
  private final long seed;

  /**
   * @param knn of which k is at most the number of labelled training images
   * @param svm whose low-shot part is left out; without costs there are no SVMs
   */
  public TransferEvaluation(
      KnnSpec knn, ProbeSpec probe, SvmSpec svm, LinearAlgebra algebra, long seed) {
    this.knn = knn;
    this.probe = probe;
    this.svm = new SvmSpec(svm.c(), List.of(), svm.samples());
    this.algebra = algebra;
    this.seed = seed;
  }

  /** Evaluates on one set. */
  public SetResult run(String name, FeatureSet train, FeatureSet test) {
    FeatureSet labelled = train.labelled();
    FeatureSet scored = test.labelled();
    if (labelled.size() == 0 || scored.size() == 0) {
      throw new IllegalArgumentException(
          "Cannot evaluate on %s: expected labelled images in both splits, got %s and %s"
              .formatted(name, labelled.size(), scored.size()));
    }
    double svmMap =
        svm.on()
            ? new SvmClassifier(svm, algebra, seed)
                .run(labelled, scored, () -> {})
                .meanAveragePrecision()
            : SetResult.NOT_MEASURED;
    if (train.space().multiLabel()) {
      return SetResult.ofSvm(
          name, train.classNames().size(), labelled.size(), scored.size(), svmMap);
    }
    int k = Math.min(knn.k(), labelled.size());
    ProbeResult solved = new LogisticProbe(probe, algebra).run(labelled, scored, fit -> {});
    return new SetResult(
        name,
        train.classNames().size(),
        labelled.size(),
        scored.size(),
        k,
        new KnnClassifier(new KnnSpec(k, knn.temperature()), algebra, labelled)
            .evaluate(scored)
            .report()
            .top1(),
        solved.report().top1(),
        solved.fit().c(),
        solved.fit().converged(),
        svmMap);
  }
}
