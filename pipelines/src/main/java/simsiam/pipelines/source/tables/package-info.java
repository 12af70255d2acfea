/** Images in Parquet files, and lists of image files in CSV or text. */
package simsiam.pipelines.source.tables;
