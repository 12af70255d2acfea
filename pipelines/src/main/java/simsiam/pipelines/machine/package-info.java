/** What this machine is and has; knows nothing of the product. */
package simsiam.pipelines.machine;
