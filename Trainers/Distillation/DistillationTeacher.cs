namespace MLClassify.Trainers;

/// <summary>A trained network whose features are to be learned.</summary>
/// <param name="Backbone">Its name in the registry.</param>
/// <param name="Weights">
/// Its weight file, whose head may be missing, or what else <see cref="WeightFiles.Pretrained.WeightSelection"/> reads, such as
/// <c>package:Microsoft.ML.DnnImageFeaturizer.ResNet18</c>. It sees images as these weights expect them.
/// </param>
/// <param name="ImageSize">The side of what it sees, in pixels; the network's own when null.</param>
public sealed record DistillationTeacher(string Backbone, string Weights, int? ImageSize = null);
