package simsiam.mlflow.upload;

import java.io.IOException;
import org.mlflow.api.proto.Service.Dataset;
import org.mlflow.api.proto.Service.DatasetInput;
import org.mlflow.api.proto.Service.InputTag;
import org.mlflow.api.proto.Service.LogInputs;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.UpdateRun;
import simsiam.mlflow.rest.Protos;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.rest.Rest;

/** The entries that take a request of their own. */
record SingleEntries(Rest rest, String runId) {

  void dataset(simsiam.mlflow.DatasetInput input)
      throws IOException, RejectedException, InterruptedException {
    Dataset.Builder dataset =
        Dataset.newBuilder()
            .setName(input.name())
            .setDigest(input.digest())
            .setSourceType(input.sourceType())
            .setSource(input.source());
    if (!input.schemaJson().isEmpty()) {
      dataset.setSchema(input.schemaJson());
    }
    if (!input.profileJson().isEmpty()) {
      dataset.setProfile(input.profileJson());
    }
    InputTag context =
        InputTag.newBuilder().setKey("mlflow.data.context").setValue(input.context()).build();
    LogInputs request =
        LogInputs.newBuilder()
            .setRunId(runId)
            .addDatasets(DatasetInput.newBuilder().setDataset(dataset).addTags(context))
            .build();
    rest.post("2.0/mlflow/runs/log-inputs", Protos.print(request));
  }

  void end(simsiam.mlflow.RunStatus status, long time)
      throws IOException, RejectedException, InterruptedException {
    UpdateRun request =
        UpdateRun.newBuilder()
            .setRunId(runId)
            .setStatus(RunStatus.valueOf(status.name()))
            .setEndTime(time)
            .build();
    rest.post("2.0/mlflow/runs/update", Protos.print(request));
  }

  void running() throws IOException, RejectedException, InterruptedException {
    UpdateRun request = UpdateRun.newBuilder().setRunId(runId).setStatus(RunStatus.RUNNING).build();
    rest.post("2.0/mlflow/runs/update", Protos.print(request));
  }
}
