package simsiam.model.net;

/**
 * A convolution without bias followed by batch norm: {@code name} is the convolution's name in
 * torchvision, {@code norm} that of its batch norm.
 */
public record ConvSpec(
    String name, String norm, int in, int out, int kernel, int stride, int padding) {}
