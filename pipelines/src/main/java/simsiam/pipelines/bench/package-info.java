/** Measurements that users can repeat on their machines. */
package simsiam.pipelines.bench;
