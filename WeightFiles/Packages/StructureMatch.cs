using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Packages;

/// <summary>
/// Compares two networks by what they compute, whatever their layers are called and in whatever order they are written: every operator with
/// its constants and shapes, from a last node back to the input. A border after the last window is not looked at: the same windows
/// begin at the same places, and none reaches it.
/// </summary>
internal sealed class StructureMatch
{
    private readonly Dictionary<(int, int), bool> _known = [];
    private (int Index, string Text) _difference = (int.MaxValue, "another order of layers");

    private StructureMatch()
    {
    }

    /// <summary>Finds which parameter of one network is which of another.</summary>
    /// <param name="expected">The last node of the one.</param>
    /// <param name="found">The last node of the other.</param>
    /// <returns>Names of the first, each with its name in the second; or the first difference.</returns>
    public static (IReadOnlyDictionary<string, string>? Names, string? Difference) Compare(Node expected, Node found)
    {
        var match = new StructureMatch();
        if (!match.IsSame(expected, found))
        {
            return (null, match._difference.Text);
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        match.Collect(expected, found, names, []);
        return (names, null);
    }

    private bool IsSame(Node expected, Node found)
    {
        (expected, found) = (Plain(expected), Plain(found));
        if (!_known.TryGetValue((expected.Index, found.Index), out bool isSame))
        {
            isSame = IsSameNode(expected, found) && (HasSameInputs(expected, found, isSwapped: false) || HasSameInputs(expected, found, isSwapped: true));
            _known.Add((expected.Index, found.Index), isSame);
        }

        return isSame;
    }

    private bool HasSameInputs(Node expected, Node found, bool isSwapped)
    {
        if (isSwapped && expected.Operator is not AddOperator)
        {
            return false;
        }

        for (int i = 0; i < expected.Inputs.Count; i++)
        {
            if (!IsSame(expected.Inputs[i], Input(found, i, isSwapped)))
            {
                return false;
            }
        }

        return true;
    }

    private static Node Input(Node node, int index, bool isSwapped) => node.Inputs[isSwapped ? node.Inputs.Count - 1 - index : index];

    private void Collect(Node expected, Node found, Dictionary<string, string> names, HashSet<int> done)
    {
        (expected, found) = (Plain(expected), Plain(found));
        if (!done.Add(expected.Index))
        {
            return;
        }

        for (int i = 0; i < expected.Parameters.Count; i++)
        {
            names.Add(expected.Parameters[i].Name, found.Parameters[i].Name);
        }

        bool isSwapped = !HasSameInputs(expected, found, isSwapped: false);
        for (int i = 0; i < expected.Inputs.Count; i++)
        {
            Collect(expected.Inputs[i], Input(found, i, isSwapped), names, done);
        }
    }

    private bool IsSameNode(Node expected, Node found)
    {
        bool isSame = expected.Shape == found.Shape && expected.Inputs.Count == found.Inputs.Count
            && expected.Parameters.Select(p => p.Role).SequenceEqual(found.Parameters.Select(p => p.Role))
            && (expected.Operator, found.Operator) switch
            {
                (ConvolutionOperator a, ConvolutionOperator b) => WithoutEnd(a) == WithoutEnd(b),
                (MaxPoolOperator a, MaxPoolOperator b) => a.Window with { CeilMode = false } == b.Window with { CeilMode = false },
                (BatchNormOperator a, BatchNormOperator b) => a with { Momentum = 0 } == b with { Momentum = 0 },
                (var a, var b) => a == b,
            };
        // The one that is nearest to the input: of a sum both orders are tried, and the wrong one differs soon.
        if (!isSame && expected.Index < _difference.Index)
        {
            _difference = (expected.Index, $"{expected.Name} is {Describe(expected)}, in the file {InvalidWeightsException.Shorten(found.Name)} is {Describe(found)}");
        }

        return isSame;
    }

    private static string Describe(Node node) => $"{node.Operator.Name} {node.Shape}";

    private static ConvolutionOperator WithoutEnd(ConvolutionOperator convolution) => convolution with { PaddingBottom = 0, PaddingRight = 0 };

    // What does nothing in inference.
    private static Node Plain(Node node)
    {
        while (node.Operator is DropoutOperator || (node.Operator is FlattenOperator && node.Inputs[0].Shape.IsVector))
        {
            node = node.Inputs[0];
        }

        return node;
    }
}
