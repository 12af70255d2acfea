/** The product's stages: preprocess, shard, pretrain, features, knn, linear, report. */
package simsiam.pipelines.stages;
