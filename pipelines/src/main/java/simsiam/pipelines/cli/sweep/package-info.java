/** The command about many configurations, and its console. */
package simsiam.pipelines.cli.sweep;
