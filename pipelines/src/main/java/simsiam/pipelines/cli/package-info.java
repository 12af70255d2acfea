/**
 * The command line: what a call means, and the product behind it. The commands are in the packages
 * below.
 */
package simsiam.pipelines.cli;
