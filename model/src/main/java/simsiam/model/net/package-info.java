/**
 * What is trained, described once: the {@link simsiam.model.net.Network} as a graph, the {@link
 * simsiam.model.net.Method} that says what its loss compares, and the configuration that both are
 * made from. {@link simsiam.model.net.SimSiam} is Algorithm 1 of the paper. Knows no engine.
 */
package simsiam.model.net;
