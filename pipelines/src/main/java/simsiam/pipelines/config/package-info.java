/**
 * The configuration of a run: its records, and the loader that binds YAML and overrides to them.
 */
package simsiam.pipelines.config;
