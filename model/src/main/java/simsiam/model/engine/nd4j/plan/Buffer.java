package simsiam.model.engine.nd4j.plan;

/**
 * Feature maps that a program keeps for a while: their shape and type, and when they are first
 * written and last read, as positions in the program. Compared by identity.
 */
public final class Buffer {
  private final String name;
  private final MapShape shape;
  private final ElementType type;
  private int first = Integer.MAX_VALUE;
  private int last = Integer.MIN_VALUE;

  Buffer(String name, MapShape shape, ElementType type) {
    this.name = name;
    this.shape = shape;
    this.type = type;
  }

  public String name() {
    return name;
  }

  public MapShape shape() {
    return shape;
  }

  public ElementType type() {
    return type;
  }

  /** Floats of the memory that it takes. */
  public long floats() {
    return type.floats(shape.size());
  }

  /** Notes that it is written or read at a position. */
  void use(int position) {
    first = Math.min(first, position);
    last = Math.max(last, position);
  }

  int first() {
    return first;
  }

  /** Whether both are wanted at some position. */
  boolean meets(Buffer other) {
    return first <= other.last && other.first <= last;
  }

  @Override
  public String toString() {
    return "%s %s, %s to %s".formatted(name, shape, first, last);
  }
}
