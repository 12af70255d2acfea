package simsiam.model.net;

/**
 * Where the targets z of a step come from (paper §5.2, where they are called η): SimSiam takes them
 * from the step's own forward pass, which §5.1 explains as an alternation of optimising the network
 * for given targets and setting the targets, one step each.
 */
public enum Targets {
  /** The forward pass of the step itself: SimSiam. */
  LIVE,
  /** The network as it was before the first of a number of steps. */
  STEPS,
  /** The network as it was before the epoch. */
  EPOCH,
  /**
   * For each image the moving average of the directions z/|z| of its views, which approximates
   * their expectation; meant for training without a predictor.
   */
  MOVING_AVERAGE
}
