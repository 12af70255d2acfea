package simsiam.model.engine.nd4j;

import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;

/**
 * A layer of a DL4J graph bound to maps of one shape.
 *
 * @param outputGradient where backward finds the gradient of the output
 * @param inputGradient where backward leaves that of the input
 */
record BoundLayer(
    FeatureMap input,
    FeatureMap output,
    FeatureMap outputGradient,
    FeatureMap inputGradient,
    Kernel training,
    Kernel eval,
    Kernel backward) {}
