package simsiam.model.train;

/** Where an engine runs. */
public enum Device {
  AUTO,
  CPU,
  CUDA
}
