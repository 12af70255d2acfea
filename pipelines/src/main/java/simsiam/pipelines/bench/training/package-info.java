/** Measurements of steps and short trainings, beside PyTorch where there is one. */
package simsiam.pipelines.bench.training;
