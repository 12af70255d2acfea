/** Raw data sets: their layouts, early checks, digests and downloads. */
package simsiam.pipelines.source;
