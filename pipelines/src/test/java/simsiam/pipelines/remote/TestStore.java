package simsiam.pipelines.remote;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A store for tests, which this process reaches. */
public interface TestStore extends AutoCloseable {
  /** A bucket or folder to put things in, as a path. */
  Path bucket();

  /** Beam options that lead here. */
  List<String> options();

  /** Variables by which another process finds its way here. */
  Map<String, String> environment();

  @Override
  void close();

  /** One in memory. */
  static TestStore fake() {
    return new TestStore() {
      @Override
      public Path bucket() {
        return Places.path("fake://bucket");
      }

      @Override
      public List<String> options() {
        return List.of();
      }

      @Override
      public Map<String, String> environment() {
        return Map.of();
      }

      @Override
      public void close() {}
    };
  }
}
