/** The commands about what is there: stages, runs, models, the tracking server, the machine. */
package simsiam.pipelines.cli.workspace;
