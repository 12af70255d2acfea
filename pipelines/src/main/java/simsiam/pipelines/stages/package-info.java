/** The product's stages: preprocess, shard, pretrain, features, knn, probe, linear, report. */
package simsiam.pipelines.stages;
