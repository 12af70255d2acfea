package simsiam.model.train.spec;

/** Whether the training set's pixels stay on the device where the network makes its views. */
public enum DeviceCache {
  /** If they take at most half of the memory that steps leave free. */
  AUTO,
  /** Or training fails. */
  ALWAYS,
  /** They travel with each batch. */
  NEVER
}
