/**
 * The default engine: SimSiam training on ND4J. Convolutions are oneDNN primitives and matrix
 * products an ND4J op, on arrays allocated once; batch norm, activation, pooling, loss and
 * optimiser are Java loops over the same arrays. Feature maps are NHWC, kernels [kH, kW, in, out],
 * linear weights [in, out]; only import and export know the checkpoint's order.
 *
 * <p>Our reductions are cut into parts that depend on shapes alone and summed in order, oneDNN's
 * depend on the number of threads too: a step is a function of weights and batch, bit for bit, at a
 * fixed number of threads.
 */
package simsiam.model.engine.nd4j;
