package simsiam.model.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a configuration key with which everything is as it was before there was the key:
 * while it has this value, it takes no part in stage fingerprints, so that outputs made by earlier
 * releases stay good; a configuration that names every key of its time, as runs keep theirs, and so
 * not this one, means this value. Every key that is added to an existing section needs one.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Neutral {
  /** As it is written in a configuration file. */
  String value();
}
