/**
 * What a set of kernels has to supply, and the arrays that it works on. Knows plans, but no set.
 */
package simsiam.model.engine.nd4j.kernels;
