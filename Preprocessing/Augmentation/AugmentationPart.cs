namespace MLClassify.Preprocessing.Augmentation;

/// <summary>A step that has a text: its name, then its parameters, each after a colon; those at the end may be left out.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What the step does, for help.</param>
/// <param name="Type">The step's type.</param>
/// <param name="Parameters">What may follow.</param>
/// <param name="Create">Makes the step from as many values as parameters.</param>
/// <param name="Values">The step's values, as many as parameters.</param>
internal sealed record AugmentationPart(
    string Name,
    string Description,
    Type Type,
    AugmentationParameter[] Parameters,
    Func<double[], object> Create,
    Func<object, double[]> Values)
{
    /// <summary>The step's shortest text.</summary>
    public string Write(object step)
    {
        double[] values = Values(step);
        int count = values.Length;
        while (count > 0 && values[count - 1] == Parameters[count - 1].Default)
        {
            count--;
        }

        return string.Join(':', [Name, .. Enumerable.Range(0, count).Select(i => Parameters[i].Write(values[i]))]);
    }

    /// <summary>The part as help shows it.</summary>
    public AugmentationSyntax Describe()
    {
        string syntax = string.Concat([Name, .. Parameters.Select(p => $"[:{p.Name}"), .. Parameters.Select(_ => "]")]);
        string ranges = string.Join("; ", Parameters.Select(p => p.Describe()));
        return new AugmentationSyntax(Name, syntax, ranges.Length == 0 ? $"{Description}." : $"{Description}: {ranges}.");
    }

    public static AugmentationPart Of<T>(
        string name, string description, AugmentationParameter[] parameters, Func<double[], T> create, Func<T, double[]> values)
        where T : class => new(name, description, typeof(T), parameters, v => create(v), step => values((T)step));
}
