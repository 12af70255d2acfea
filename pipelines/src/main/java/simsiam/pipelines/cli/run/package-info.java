/** The commands about one configuration: run it, plan it, show it, measure the machine at it. */
package simsiam.pipelines.cli.run;
