package simsiam.mlflow;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A model that a run made, shown with its parameters, its metrics and the runs that use it. Servers
 * before MLflow 3 show it as a folder of the run's artifacts.
 *
 * @param name letters, digits and {@code . _ -}; a run makes one of each name
 * @param type what it is, for people: {@code encoder}
 * @param step training step after which it was taken
 * @param params its parameters
 * @param flavor what a reader needs to know to load it, put into {@code MLmodel} under the name
 *     {@code simsiam}
 * @param files by their path within the model
 * @param registration where it is registered besides
 */
public record ModelOutput(
    String name,
    String type,
    long step,
    Map<String, String> params,
    Map<String, String> flavor,
    Map<String, Path> files,
    Registration registration) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  public ModelOutput {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "Cannot log a model: expected a name of letters, digits and . _ -, got '" + name + "'");
    }
    params = Map.copyOf(params);
    flavor = Map.copyOf(flavor);
    files = Map.copyOf(files);
  }

  /**
   * A version of a model in the server's registry.
   *
   * @param model its name there; empty: it is not registered
   * @param alias given to the newest version; empty: none
   */
  public record Registration(String model, String alias) {
    /** Not registered. */
    public static final Registration NONE = new Registration("", "");

    /** Whether it is registered at all. */
    public boolean isWanted() {
      return !model.isEmpty();
    }
  }
}
