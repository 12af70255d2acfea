package simsiam.model.engine.torch;

/** A process that starts the engine: prints what it is, or why it is not. */
final class TorchStart {
  private TorchStart() {}

  @SuppressWarnings("SystemOut") // what its parent reads
  public static void main(String[] args) {
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        System.out.println(new TorchEngine(TorchSettings.cpu()).describe());
      } catch (IllegalStateException e) {
        System.out.println(e.getMessage());
      }
    }
    System.out.println(TorchEngine.isAvailable());
    System.out.println(TorchEngine.cudaProblem().orElse("CUDA"));
  }
}
