/**
 * The default engine: training on ND4J. {@code plan} decides in which order a network's layers run
 * and which maps share memory; {@code kernels} says what computes a layer, {@code host} is such a
 * set for the CPU, with {@code onednn} for what oneDNN computes, {@code ops} one for whichever
 * device ND4J runs on; here plan and kernels are bound to each other. Feature maps are NHWC,
 * kernels [kH, kW, in, out], linear weights [in, out]; only import and export know the checkpoint's
 * order.
 */
package simsiam.model.engine.nd4j;
