/** Pre-training, and what is watched on the way. */
package simsiam.pipelines.stages.pretrain;
