/** What the configuration says of a training. */
package simsiam.model.train.spec;
