/** The commands about a prepared data set. */
package simsiam.pipelines.cli.data;
