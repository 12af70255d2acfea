/** A call of the program and what every command is given. It knows no command. */
package simsiam.pipelines.cli.call;
