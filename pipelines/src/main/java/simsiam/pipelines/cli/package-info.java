/** The command line: commands, console, exit codes. The only package that prints. */
package simsiam.pipelines.cli;
