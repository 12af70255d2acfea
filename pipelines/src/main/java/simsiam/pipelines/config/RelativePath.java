package simsiam.pipelines.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a key that holds a path: a relative one starts at the folder of the file that gives it, or
 * at the working directory if it comes from the command line; {@code ~/} is the home folder. The
 * loader hands it on as an absolute path, and leaves an empty one empty.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface RelativePath {}
