namespace MLClassify.Trainers;

/// <summary>A linear head at its optimum.</summary>
/// <param name="Weights">Weights, <c>[classes, features]</c>.</param>
/// <param name="Bias">Biases, <c>[classes]</c>.</param>
/// <param name="Path">What was tried, from strong to weak regularization.</param>
/// <param name="HasConverged">Whether the optimum was reached; false when the work was canceled before, or has a limit.</param>
internal sealed record HeadSolution(float[] Weights, float[] Bias, IReadOnlyList<RegularizationPoint> Path, bool HasConverged);
