/** Measurements of devices through libtorch. */
package simsiam.model.engine.torch.bench;
