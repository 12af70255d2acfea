/** An encoder on other data sets than the one that it was trained on. */
package simsiam.eval.transfer;
