/** The random views of an image that SimSiam learns from, and how images are measured. */
package simsiam.model.augment;
