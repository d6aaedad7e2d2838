namespace MLClassify.Trainers;

/// <summary>A trained network whose features are to be learned.</summary>
/// <param name="Backbone">Its name in the registry.</param>
/// <param name="Weights">Its weight file; the head may be missing.</param>
/// <param name="ImageSize">The side of what it sees, in pixels; the network's own when null.</param>
public sealed record DistillationTeacher(string Backbone, string Weights, int? ImageSize = null);
