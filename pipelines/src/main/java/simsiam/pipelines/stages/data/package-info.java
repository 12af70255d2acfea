/** Stages from raw images to shards. */
package simsiam.pipelines.stages.data;
