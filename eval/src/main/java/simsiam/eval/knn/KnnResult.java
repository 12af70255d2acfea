package simsiam.eval.knn;

import simsiam.eval.EvalReport;

/**
 * Accuracy of the kNN classifier, with what it was measured with.
 *
 * @param bank images whose votes were counted
 * @param bankUnlabelled images left out of the bank because their class is unknown
 */
public record KnnResult(
    EvalReport report, int k, double temperature, int bank, int bankUnlabelled) {}
