/** Linear probes on the layers of an encoder. */
package simsiam.eval.layers;
