/** Evaluation of frozen features: what a classifier got right, and its report as JSON. */
package simsiam.eval;
