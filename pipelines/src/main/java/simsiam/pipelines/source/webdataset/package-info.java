/** Sets of many tar archives of samples, as the WebDataset library writes and reads them. */
package simsiam.pipelines.source.webdataset;
