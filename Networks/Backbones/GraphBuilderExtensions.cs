using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>What several backbones build alike.</summary>
internal static class GraphBuilderExtensions
{
    /// <summary>Dropout, or the input itself when nothing is dropped.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="input">Where the values come from.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="probability">The share that is dropped, in [0, 1).</param>
    public static Node DropoutIfAny(this GraphBuilder builder, Node input, string name, float probability) =>
        probability > 0 ? builder.Dropout(input, name, probability) : input;
}
