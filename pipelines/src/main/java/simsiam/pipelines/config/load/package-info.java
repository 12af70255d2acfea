/** YAML and key=value to records, with every error at its place. */
package simsiam.pipelines.config.load;
