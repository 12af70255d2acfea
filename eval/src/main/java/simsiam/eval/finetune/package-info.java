/** Accuracy of an encoder that is trained further, with a linear head, on a share of the labels. */
package simsiam.eval.finetune;
