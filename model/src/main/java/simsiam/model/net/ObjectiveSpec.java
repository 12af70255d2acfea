package simsiam.model.net;

/**
 * The loss.
 *
 * @param stopGradient whether z is held constant in D(p, z) (paper §4.1); without it training
 *     collapses
 */
public record ObjectiveSpec(Similarity similarity, boolean stopGradient, Symmetry symmetry) {}
