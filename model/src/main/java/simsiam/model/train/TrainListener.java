package simsiam.model.train;

/** Hears what happens in training, on the training thread; what it does delays the next step. */
@FunctionalInterface
public interface TrainListener {
  void on(TrainEvent event);
}
