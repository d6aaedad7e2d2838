using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs.Descriptions;

/// <summary>The operators that a description may name. How each is written and read stands in its own file.</summary>
internal static class OperatorKinds
{
    private static readonly Dictionary<string, Func<OperatorAttributes, Operator>> Readers = new(StringComparer.Ordinal)
    {
        [AdaptiveAveragePoolOperator.KindName] = AdaptiveAveragePoolOperator.Read,
        [AddOperator.KindName] = _ => new AddOperator(),
        [AveragePoolOperator.KindName] = AveragePoolOperator.Read,
        [BatchNormOperator.KindName] = BatchNormOperator.Read,
        [ConcatOperator.KindName] = _ => new ConcatOperator(),
        [ConvolutionOperator.KindName] = ConvolutionOperator.Read,
        [DropoutOperator.KindName] = DropoutOperator.Read,
        [FlattenOperator.KindName] = _ => new FlattenOperator(),
        [LinearOperator.KindName] = LinearOperator.Read,
        [LocalResponseNormOperator.KindName] = LocalResponseNormOperator.Read,
        [MaxPoolOperator.KindName] = MaxPoolOperator.Read,
        [PadChannelsOperator.KindName] = PadChannelsOperator.Read,
        [ReluOperator.KindName] = ReluOperator.Read,
        [ScaleOperator.KindName] = _ => new ScaleOperator(),
        [SigmoidOperator.KindName] = _ => new SigmoidOperator(),
    };

    /// <summary>All names, sorted.</summary>
    public static IEnumerable<string> Names => Readers.Keys.Order(StringComparer.Ordinal);

    /// <summary>Makes an operator from its description.</summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="kind">The operator's kind.</param>
    /// <param name="attributes">Its constants.</param>
    /// <exception cref="ArgumentException">There is no such kind, or a constant is missing, unknown, or out of its range.</exception>
    public static Operator Read(string node, string kind, Dictionary<string, double>? attributes)
    {
        if (!Readers.TryGetValue(kind, out Func<OperatorAttributes, Operator>? reader))
        {
            throw new ArgumentException($"'{node}': there is no operator '{kind}'; known: {string.Join(", ", Names)}.");
        }

        var values = new OperatorAttributes(node, attributes ?? []);
        Operator operation = reader(values);
        values.RequireAllTaken(kind);
        return operation;
    }
}
