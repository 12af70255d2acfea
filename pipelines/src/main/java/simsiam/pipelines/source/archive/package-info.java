/**
 * Zip and tar archives: what they hold, and the bytes of one of their files. It knows no labels and
 * no splits.
 */
package simsiam.pipelines.source.archive;
