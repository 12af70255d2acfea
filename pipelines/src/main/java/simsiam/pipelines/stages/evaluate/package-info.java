/** Features of a trained encoder, and the stages that judge them. */
package simsiam.pipelines.stages.evaluate;
