package simsiam.model.engine.nd4j.ops;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Norm2;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.net.Loss;
import simsiam.model.net.Loss.CrossEntropy;
import simsiam.model.net.Loss.CrossEntropySimilarity;
import simsiam.model.net.Loss.NegativeCosine;
import simsiam.model.net.Method;
import simsiam.model.net.Method.Output;
import simsiam.model.net.Method.Target;
import simsiam.model.net.Method.Term;

/**
 * A loss over outputs [V·N, d], with its gradients, and the collapse monitor. What is measured
 * stays on the device until {@link #metrics} is asked.
 */
final class OpsObjective implements Kernels.Objective {
  private final Method method;
  private final Map<String, FeatureMap> outputs;
  private final Map<String, FeatureMap> gradients;
  private final Ops ops;
  private final int batch;
  private final int d;
  private final INDArray scratch;
  private final List<Kernel> kernels = new ArrayList<>();

  /** Minus the distance of each row of a term, [N, 1]. */
  private final Map<Term, INDArray> similarities = new LinkedHashMap<>();

  /** The variance over the batch of each channel of z/|z|, [1, d], of each view. */
  private final List<INDArray> variances = new ArrayList<>();

  OpsObjective(
      Method method, Map<String, FeatureMap> outputs, Map<String, FeatureMap> gradients, Ops ops) {
    this.method = method;
    this.outputs = outputs;
    this.gradients = gradients;
    this.ops = ops;
    FeatureMap watched = outputs.get(method.watched());
    batch = watched.shape().batch() / method.views();
    d = watched.shape().channels();
    scratch = matrix(d);
    gradients.values().forEach(map -> kernels.add(() -> map.matrix().assign(0)));
    method.terms().forEach(this::bind);
    for (int view = 0; view < method.views(); view++) {
      bindVariance(rows(outputs, new Output(method.watched(), view)));
    }
  }

  private INDArray rows(Map<String, FeatureMap> maps, Target output) {
    return maps.get(output.name()).rows(output.block() * batch, batch);
  }

  private INDArray matrix(int columns) {
    return ops.arena().array((long) batch * columns).view(0, batch, columns);
  }

  private void bind(Term term) {
    INDArray similarity = matrix(1);
    similarities.put(term, similarity);
    method.loss().accept(new Binder(term, similarity));
  }

  /** {@code unit = rows / max(|row|, ε)}, and the norms. */
  private void bindUnit(INDArray rows, INDArray norms, INDArray unit) {
    kernels.add(
        () -> {
          Nd4j.getExecutioner().exec(new Norm2(rows, norms, true, 1));
          Nd4j.getExecutioner().exec(new ScalarMax(norms, null, norms, NegativeCosine.EPSILON));
        });
    kernels.add(ops.divide(rows, norms, unit));
  }

  private void bindVariance(INDArray z) {
    INDArray unit = matrix(d);
    INDArray mean = ops.row(d);
    INDArray variance = ops.row(d);
    bindUnit(z, matrix(1), unit);
    kernels.add(ops.sumOfRows(unit, mean));
    kernels.add(() -> mean.divi(batch));
    kernels.add(ops.subtract(unit, mean, unit));
    kernels.add(ops.multiply(unit, unit, scratch));
    kernels.add(ops.sumOfRows(scratch, variance));
    kernels.add(() -> variance.divi(batch - 1));
    variances.add(variance);
  }

  @Override
  public Operation operation() {
    return new Operation(Kind.LOSS, () -> kernels.forEach(Kernel::run));
  }

  @Override
  public StepMetrics metrics() {
    double loss = 0;
    for (Map.Entry<Term, INDArray> term : similarities.entrySet()) {
      loss -= term.getKey().weight() * term.getValue().meanNumber().doubleValue();
    }
    double std = 0;
    for (INDArray variance : variances) {
      Nd4j.getExecutioner().exec(new Sqrt(variance, variance));
      std += variance.meanNumber().doubleValue() / variances.size();
    }
    return new StepMetrics(loss, std);
  }

  /** The similarity of a prediction to its target, and its gradients by both. */
  private final class Binder implements Loss.Visitor<Void> {
    private final Term term;
    private final INDArray similarity;
    private final INDArray prediction;
    private final INDArray target;

    Binder(Term term, INDArray similarity) {
      this.term = term;
      this.similarity = similarity;
      prediction = rows(outputs, term.prediction());
      target = rows(outputs, term.target());
    }

    @Override
    public Void negativeCosine(NegativeCosine loss) {
      INDArray p = matrix(d);
      INDArray z = matrix(d);
      INDArray pNorms = matrix(1);
      INDArray zNorms = matrix(1);
      bindUnit(prediction, pNorms, p);
      bindUnit(target, zNorms, z);
      bindSimilarity(p, z);
      bindCosineGradient(p, z, pNorms, term.prediction());
      if (!term.stopGradient()) {
        bindCosineGradient(z, p, zNorms, term.target());
      }
      return null;
    }

    private void bindSimilarity(INDArray a, INDArray b) {
      kernels.add(ops.multiply(a, b, scratch));
      kernels.add(() -> Nd4j.getExecutioner().exec(new Sum(scratch, similarity, true, 1)));
    }

    /** {@code -(other - cosine·unit)/norm}. */
    private void bindCosineGradient(INDArray unit, INDArray other, INDArray norms, Target of) {
      kernels.add(ops.multiply(unit, similarity, scratch));
      kernels.add(ops.subtract(other, scratch, scratch));
      kernels.add(ops.divide(scratch, norms, scratch));
      bindGradient(of, -1);
    }

    /** Adds what is in the scratch to a gradient. */
    private void bindGradient(Target of, double sign) {
      INDArray gradient = rows(gradients, of);
      kernels.add(() -> Ops.addScaled(scratch, sign * term.weight() / batch, gradient));
    }

    @Override
    public Void crossEntropySimilarity(CrossEntropySimilarity loss) {
      INDArray p = matrix(d);
      INDArray logP = matrix(d);
      INDArray z = matrix(d);
      kernels.add(ops.op("softmax", List.of(prediction), List.of(p)));
      kernels.add(ops.op("log_softmax", List.of(prediction), List.of(logP)));
      kernels.add(ops.op("softmax", List.of(target), List.of(z)));
      bindSimilarity(z, logP);
      kernels.add(ops.subtract(p, z, scratch));
      bindGradient(term.prediction(), 1);
      if (!term.stopGradient()) {
        // softmax(z)·(Σ softmax(z)·log softmax(p) - log softmax(p))
        kernels.add(ops.subtract(similarity, logP, scratch));
        kernels.add(ops.multiply(scratch, z, scratch));
        bindGradient(term.target(), 1);
      }
      return null;
    }

    @Override
    public Void crossEntropy(CrossEntropy loss) {
      INDArray p = matrix(d);
      INDArray logP = matrix(d);
      INDArray total = matrix(1);
      kernels.add(ops.op("softmax", List.of(prediction), List.of(p)));
      kernels.add(ops.op("log_softmax", List.of(prediction), List.of(logP)));
      bindSimilarity(target, logP);
      kernels.add(() -> Nd4j.getExecutioner().exec(new Sum(target, total, true, 1)));
      kernels.add(ops.multiply(p, total, scratch));
      kernels.add(ops.subtract(scratch, target, scratch));
      bindGradient(term.prediction(), 1);
      if (!term.stopGradient()) {
        kernels.add(() -> scratch.assign(logP));
        bindGradient(term.target(), -1);
      }
      return null;
    }
  }
}
