using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers;

/// <summary>Parameters that share their rates.</summary>
/// <param name="Name">What they are, for messages: such as <c>backbone</c>.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="LearningRate">The learning rate where the schedule's factor is 1; at least 0.</param>
/// <param name="WeightDecay">The weight decay; at least 0.</param>
public sealed record ParameterGroup(string Name, IReadOnlyList<TrainedParameter> Parameters, double LearningRate, double WeightDecay);
