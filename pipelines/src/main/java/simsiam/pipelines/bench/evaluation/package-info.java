/** Measurements of kNN and of the other evaluations. */
package simsiam.pipelines.bench.evaluation;
