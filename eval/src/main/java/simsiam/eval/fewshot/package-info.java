/** Accuracy by the number of labelled images: probe and kNN on few of them, drawn several times. */
package simsiam.eval.fewshot;
