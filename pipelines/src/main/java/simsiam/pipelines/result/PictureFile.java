package simsiam.pipelines.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A picture in the stage's output.
 *
 * @param file PNG, relative to the output's folder
 * @param title one line that says what it shows
 * @param section heading under which a page shows it
 * @param text a paragraph above it; may be empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record PictureFile(String file, String title, String section, String text) {}
