namespace MLClassify.Engines.Cpu.Memory;

/// <summary>Where one input's gradient goes.</summary>
/// <param name="View">The gradient; absent when it is not needed.</param>
/// <param name="Accumulate">Whether to add to what is there.</param>
internal readonly record struct GradientTarget(TensorView View, bool Accumulate)
{
    /// <summary>Whether the gradient is wanted.</summary>
    public bool IsWanted => !View.IsAbsent;
}
