package simsiam.model.bench;

/**
 * What no operation can exceed on this machine, as measured.
 *
 * @param gemmGigaflops 10⁹ operations a second of a large matrix product
 * @param copyGigabytes 10⁹ bytes a second, read and written, of a copy larger than the caches
 */
public record MachineLimits(double gemmGigaflops, double copyGigabytes) {}
