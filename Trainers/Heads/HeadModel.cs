namespace MLClassify.Trainers;

/// <summary>A linear layer that is being solved, trained on all rows but those of one fold.</summary>
/// <param name="fold">The fold that it does not learn from; -1 for none.</param>
/// <param name="start">Where it begins, <c>[features + 1, classes]</c>, the last row its bias; kept and changed.</param>
/// <param name="penalized">How many of these numbers are weights.</param>
internal sealed class HeadModel(int fold, float[] start, int penalized)
{
    /// <summary>The fold that it does not learn from; -1 for none.</summary>
    public int Fold => fold;

    /// <summary>Solves it.</summary>
    public Lbfgs Solver { get; } = new(start, penalized);

    /// <summary>The gradient at the solver's point, after an evaluation.</summary>
    public float[] Gradient { get; } = new float[start.Length];

    /// <summary>The mean loss at the solver's point, after an evaluation.</summary>
    public double Loss { get; set; }
}
