using MLClassify.Networks;
using MLClassify.Trainers;

namespace MLClassify;

/// <summary>The head (classifier) that follows the backbone's features. Part of <see cref="FineTuneOptions"/>.</summary>
public sealed record HeadOptions
{
    private const string Group = nameof(FineTuneOptions.Head);

    /// <summary>
    /// What it is made of. Default null: the network's own head, or one linear layer where its own cannot be trained alone and the head
    /// alone is trained.
    /// </summary>
    public HeadKind? Kind { get; init; }

    /// <summary>The width of a <see cref="HeadKind.Mlp"/> head's layer. Default null: 512; 1 to 65,536; no other head has it.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// Dropout's probability in the head. Default null: half after a hidden layer of the head; else none when the head alone is trained,
    /// and the network's own when everything is; in [0, 1).
    /// </summary>
    public double? Dropout { get; init; }

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    internal void Validate()
    {
        OptionRange.Check($"{Group}.{nameof(Width)}", Width ?? 1, 1, NetworkOptions.MaximumHeadWidth);
        OptionRange.Check($"{Group}.{nameof(Dropout)}", Dropout ?? 0, 0, 1, belowEnd: true);
        if (Kind is { } kind && !Enum.IsDefined(kind))
        {
            throw OptionError.Create($"{Group}.{nameof(Kind)}", FormattableString.Invariant($"{Group}.{nameof(Kind)} is {(int)kind}; it must be one of {string.Join(", ", Enum.GetNames<HeadKind>())}."));
        }

        if (Width is not null && Kind != HeadKind.Mlp)
        {
            throw OptionError.Create($"{Group}.{nameof(Width)}", $"{Group}.{nameof(Width)} needs {Group}.{nameof(Kind)} {nameof(HeadKind.Mlp)}.");
        }
    }
}
