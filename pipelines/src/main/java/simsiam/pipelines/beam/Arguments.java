package simsiam.pipelines.beam;

import java.util.List;
import java.util.Optional;

/** Beam options as the user wrote them: {@code --name=value} or {@code --name}. */
public record Arguments(List<String> words) {
  public boolean lack(String name) {
    return value(name).isEmpty();
  }

  /** The value given, empty text for a bare {@code --name}. */
  public Optional<String> value(String name) {
    String start = "--" + name;
    return words.stream()
        .filter(word -> word.equals(start) || word.startsWith(start + "="))
        .map(word -> word.equals(start) ? "" : word.substring(start.length() + 1))
        .findFirst();
  }
}
