/** Batches of views and images for training and evaluation, made ahead by several threads. */
package simsiam.model.load;
