package simsiam.pipelines.config;

import java.util.ArrayList;
import java.util.List;
import simsiam.eval.fewshot.FewShotSpec;
import simsiam.eval.layers.LayersSpec;
import simsiam.eval.linear.AugmentedLinearSpec;
import simsiam.eval.svm.SvmSpec;
import simsiam.model.config.Violation;

/**
 * Of images that may show several classes only SVMs are fitted, which ask of each class whether it
 * is there. All other evaluations tell one class from all others: those that are part of every
 * other run are left out, and those that a configuration has to ask for are refused.
 */
final class SeveralClasses {
  private static final String INSTEAD =
      "as the images may show several classes, which SVMs evaluate (svm.c, svm.low_shot)";

  private SeveralClasses() {}

  /** What is asked for and cannot be. */
  static List<Violation> violations(
      DatasetSpec dataset,
      FewShotSpec fewShot,
      AugmentedLinearSpec linearAugmented,
      FineTuningSpec finetune,
      LayersSpec layers) {
    List<Violation> violations = new ArrayList<>();
    if (dataset.multiLabel()) {
      require(
          violations, !fewShot.asked(), "few_shot.shots", fewShot.shots(), "[] and fractions []");
      require(
          violations,
          linearAugmented.epochs() == 0,
          "linear_augmented.epochs",
          linearAugmented.epochs(),
          "0");
      require(
          violations,
          finetune.fractions().isEmpty(),
          "finetune.fractions",
          finetune.fractions(),
          "[]");
      require(violations, !layers.on(), "layers.max_dim", layers.maxDim(), "0");
    }
    return violations;
  }

  /** Of other sets nothing would be measured. */
  static List<Violation> violations(List<TransferSet> transfer, SvmSpec svm) {
    List<Violation> violations = new ArrayList<>();
    for (TransferSet set : transfer) {
      require(
          violations,
          !set.dataset().multiLabel() || svm.on(),
          "svm.c",
          svm.c(),
          "costs, as images of transfer set %s may show several classes, which SVMs alone evaluate"
              .formatted(set.name()),
          "");
    }
    return violations;
  }

  private static void require(
      List<Violation> violations, boolean holds, String key, Object value, String expected) {
    require(violations, holds, key, value, expected, ", " + INSTEAD);
  }

  private static void require(
      List<Violation> violations,
      boolean holds,
      String key,
      Object value,
      String expected,
      String reason) {
    if (!holds) {
      violations.add(new Violation(key, value.toString(), expected + reason));
    }
  }
}
