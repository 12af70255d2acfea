/** Encoder features of a split: made from images, held in memory, kept in files. */
package simsiam.eval.features;
