/**
 * What a raw data set says of itself before its images are read: files, splits, classes, and what
 * is wrong with them. It knows no format and no other package of sources.
 */
package simsiam.pipelines.source.listing;
