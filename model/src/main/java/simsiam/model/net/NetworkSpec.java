package simsiam.model.net;

/** Everything that decides the shape of a SimSiam network and its loss. */
public record NetworkSpec(
    EncoderSpec encoder,
    ProjectorSpec projector,
    PredictorSpec predictor,
    ObjectiveSpec objective) {}
