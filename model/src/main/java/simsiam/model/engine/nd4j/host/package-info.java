/** The set of kernels for the CPU: oneDNN and Java loops on the arrays' memory. */
package simsiam.model.engine.nd4j.host;
