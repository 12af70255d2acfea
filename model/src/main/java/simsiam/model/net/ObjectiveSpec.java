package simsiam.model.net;

import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;

/**
 * The loss.
 *
 * @param stopGradient whether z is held constant in D(p, z) (paper §4.1); without it training
 *     collapses
 * @param targets where z comes from (paper §5.2)
 * @param targetSteps optimiser steps for which targets are computed at once, with {@link
 *     Targets#STEPS}
 * @param targetMomentum m in {@code η ← m·η + (1 - m)·z/|z|}, with {@link Targets#MOVING_AVERAGE}
 */
public record ObjectiveSpec(
    Similarity similarity,
    boolean stopGradient,
    Symmetry symmetry,
    @Neutral("live") Targets targets,
    @Neutral("1") int targetSteps,
    @Neutral("0") double targetMomentum) {
  private static final int MAX_STEPS = 1_000_000_000;

  public ObjectiveSpec {
    if (targets == null) { // as in the checkpoints of releases that had no other
      targets = Targets.LIVE;
      targetSteps = 1;
    }
    boolean steps = targets == Targets.STEPS;
    boolean average = targets == Targets.MOVING_AVERAGE;
    new Checks()
        .atLeast("target_steps", targetSteps, 1)
        .atMost("target_steps", targetSteps, MAX_STEPS)
        .require(
            "target_steps",
            targetSteps,
            steps || targetSteps <= 1,
            "1 where objective.targets is not steps")
        .between("target_momentum", targetMomentum, 0, 0.999999)
        .require(
            "target_momentum",
            targetMomentum,
            average || !(targetMomentum > 0),
            "0 where objective.targets is not moving_average")
        .require(
            "stop_gradient",
            stopGradient,
            stopGradient || targets == Targets.LIVE,
            "true where objective.targets is not live: no gradient goes through targets made before")
        .require(
            "similarity",
            "cross_entropy",
            similarity == Similarity.COSINE || !average,
            "cosine where objective.targets is moving_average, which averages directions")
        .done();
  }

  /** Targets from the step itself. */
  public ObjectiveSpec(Similarity similarity, boolean stopGradient, Symmetry symmetry) {
    this(similarity, stopGradient, symmetry, Targets.LIVE, 1, 0);
  }
}
