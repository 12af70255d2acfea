/**
 * What the command line prints and logs, its failures in words, and its exit codes. It knows no
 * command.
 */
package simsiam.pipelines.cli.console;
