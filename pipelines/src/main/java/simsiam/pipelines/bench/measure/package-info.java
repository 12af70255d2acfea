/** What benchmarks measure with and tell: clocks in turns, memory, cores, PyTorch beside. */
package simsiam.pipelines.bench.measure;
