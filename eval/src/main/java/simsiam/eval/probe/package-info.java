/**
 * The converged linear probe: multinomial logistic regression on standardised features, solved to a
 * tolerance, its regularisation chosen on training images alone.
 */
package simsiam.eval.probe;
