/**
 * The digest of a raw data set, files that are remembered by size and time, and files that are held
 * to what they were. It knows listings alone.
 */
package simsiam.pipelines.source.digest;
