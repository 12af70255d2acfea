/**
 * The command line: what a call means, and the product behind it. Each command's room lies below.
 */
package simsiam.pipelines.cli;
