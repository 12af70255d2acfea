/**
 * A look into a prepared data set: what is in it, whether it is whole, what training sees of it.
 */
package simsiam.pipelines.dataset;
