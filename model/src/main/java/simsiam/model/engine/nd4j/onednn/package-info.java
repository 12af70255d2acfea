/**
 * Layers on the CPU by oneDNN's primitives: convolutions on maps of float32, and all that maps of
 * bf16 go through. Knows kernels and plans, no loops of ours.
 */
package simsiam.model.engine.nd4j.onednn;
