/**
 * SimSiam on libtorch through the JavaCPP presets; nothing outside this package imports {@code
 * org.bytedeco.pytorch}.
 */
package simsiam.model.engine.torch;
