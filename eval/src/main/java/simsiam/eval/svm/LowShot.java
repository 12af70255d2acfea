package simsiam.eval.svm;

import java.util.List;

/**
 * SVMs fitted to few training images, over several draws of them (see {@link
 * simsiam.eval.fewshot.LabelledDraw}). As the protocol has it, C is the one that does best <em>on
 * the test images</em>, in the mean over draws: the figures flatter, and are for comparison with
 * published ones.
 *
 * @param k images of each class
 * @param c the cost taken
 * @param averagePrecision mean over the classes, of each draw, in percent
 * @param top1 of each draw, in percent; none where images may show several classes
 */
public record LowShot(int k, double c, List<Double> averagePrecision, List<Double> top1) {
  public LowShot {
    averagePrecision = List.copyOf(averagePrecision);
    top1 = List.copyOf(top1);
  }
}
