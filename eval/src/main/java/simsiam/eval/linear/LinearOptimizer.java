package simsiam.eval.linear;

/** How a linear layer is trained; momentum is 0.9 and weight decay 0 with either. */
public enum LinearOptimizer {
  SGD,
  /**
   * Layer-wise adaptive rates (You et al. 2017) as in the authors' code, apex's LARC without
   * clipping: the gradients of weights and of biases are each multiplied by {@code 0.001·‖w‖/‖g‖},
   * unless one of the two is 0, and then go the way of SGD.
   */
  LARS
}
