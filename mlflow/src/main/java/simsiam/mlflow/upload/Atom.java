package simsiam.mlflow.upload;

import org.mlflow.api.proto.Service.LogBatch;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;
import simsiam.mlflow.spool.Line;

/** The smallest thing a server can accept or refuse, with the line it came from. */
sealed interface Atom {
  Line line();

  void addTo(LogBatch.Builder batch);

  /** Shown in the quarantine. */
  String describe();

  record MetricAtom(Line line, Metric metric) implements Atom {
    @Override
    public void addTo(LogBatch.Builder batch) {
      batch.addMetrics(metric);
    }

    @Override
    public String describe() {
      return "metric " + metric.getKey() + " = " + metric.getValue() + " at " + metric.getStep();
    }
  }

  record ParamAtom(Line line, Param param) implements Atom {
    @Override
    public void addTo(LogBatch.Builder batch) {
      batch.addParams(param);
    }

    @Override
    public String describe() {
      return "param " + param.getKey() + " = " + param.getValue();
    }
  }

  record TagAtom(Line line, RunTag tag) implements Atom {
    @Override
    public void addTo(LogBatch.Builder batch) {
      batch.addTags(tag);
    }

    @Override
    public String describe() {
      return "tag " + tag.getKey() + " = " + tag.getValue();
    }
  }
}
