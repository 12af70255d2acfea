/** Measurements of what tracking costs a training, and of how it bears a server that fails. */
package simsiam.pipelines.bench.tracking;
