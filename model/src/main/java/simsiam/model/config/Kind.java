package simsiam.model.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a record of a sealed interface: the values of the interface's {@link Key} with which a section
 * of a configuration is that record, and may have its keys alone. A record without it is for all
 * values that no other one names.
 *
 * <p>A key that not all of the records have may be left out of a file; it then has its {@link
 * Neutral} value, which it must have one of.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Kind {
  /** As they are written in a configuration file. */
  String[] value();

  /** On a sealed interface: the key, which all its records have, that says which one it is. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Key {
    /** As it is written in a configuration file. */
    String value() default "kind";
  }
}
