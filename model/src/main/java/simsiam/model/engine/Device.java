package simsiam.model.engine;

/** Where an engine runs. */
public enum Device {
  AUTO,
  CPU,
  CUDA
}
