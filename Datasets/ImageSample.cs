namespace MLClassify;

/// <summary>A picture file and its class.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The class's index, from 0.</param>
public readonly record struct ImageSample(string Path, int Label)
{
    /// <summary>The file and its label: <c>roses/1.jpg (label 2)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Path} (label {Label})");
}
