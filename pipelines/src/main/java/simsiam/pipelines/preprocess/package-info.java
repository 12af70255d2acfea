/** First Beam pipeline: raw images to checked, decoded examples and a list of rejects. */
package simsiam.pipelines.preprocess;
