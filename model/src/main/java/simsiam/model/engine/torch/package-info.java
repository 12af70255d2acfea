/**
 * Networks and methods, as {@link simsiam.model.net} describes them, on libtorch through the
 * JavaCPP presets: it knows each kind of node, but no topology. Nothing outside this package
 * imports {@code org.bytedeco.pytorch}.
 */
package simsiam.model.engine.torch;
