package simsiam.model.engine.nd4j;

import java.util.SortedMap;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.ops.OpsKernels;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;

/** The sets of kernels under test. */
enum KernelSet {
  HOST {
    @Override
    Kernels over(Parameters parameters) {
      return new HostKernels(parameters, 2);
    }
  },
  OPS {
    @Override
    Kernels over(Parameters parameters) {
      return new OpsKernels(parameters);
    }
  };

  abstract Kernels over(Parameters parameters);

  Nd4jNet net(NetworkSpec spec, SortedMap<String, Tensor> weights) {
    return new Nd4jNet(Method.of(spec), weights, this::over, ElementType.FLOAT32);
  }
}
