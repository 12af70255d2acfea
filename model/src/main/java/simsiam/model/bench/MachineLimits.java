package simsiam.model.bench;

import java.util.OptionalDouble;

/**
 * What no operation can exceed on this machine, as measured.
 *
 * @param gemmGigaflops 10⁹ operations a second of a large matrix product
 * @param bfloat16Gigaflops the same of one in bf16; empty without instructions for it
 * @param copyGigabytes 10⁹ bytes a second, read and written, of a copy larger than the caches
 */
public record MachineLimits(
    double gemmGigaflops, OptionalDouble bfloat16Gigaflops, double copyGigabytes) {}
