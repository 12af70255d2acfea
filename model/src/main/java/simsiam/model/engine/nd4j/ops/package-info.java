/**
 * Kernels that consist of ND4J's own operations: nothing here takes the address of an array, so
 * that the same program runs on every backend of ND4J. Per-channel arithmetic is by the operations
 * that broadcast shapes, and sums over rows are products with a row of ones: ND4J's broadcasts and
 * reductions along one dimension walk memory in strides, on either device.
 */
package simsiam.model.engine.nd4j.ops;
