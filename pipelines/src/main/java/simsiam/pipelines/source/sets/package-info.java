/** The data sets that a configuration can name: where they lie, and where they come from. */
package simsiam.pipelines.source.sets;
