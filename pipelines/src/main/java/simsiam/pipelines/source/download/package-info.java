/** Brings a published file whole, or says why not. It knows nothing of data sets. */
package simsiam.pipelines.source.download;
