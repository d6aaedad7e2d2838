using MLClassify.Graphs;

namespace MLClassify.Networks.Backbones;

/// <summary>What several backbones build alike.</summary>
internal static class GraphBuilderExtensions
{
    private const float HiddenDropout = 0.5f;

    // He et al. 2015, for a layer before ReLU.
    private static readonly KaimingNormalInitializer HiddenMatrix = new(UseFanOut: false);

    /// <summary>Dropout, or the input itself when nothing is dropped.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="input">The input node.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="probability">The share that is dropped, in [0, 1).</param>
    public static Node DropoutIfAny(this GraphBuilder builder, Node input, string name, float probability) =>
        probability > 0 ? builder.Dropout(input, name, probability) : input;

    /// <summary>
    /// A classifier's last layer, <c>[N, 1, 1, F]</c> to <c>[N, 1, 1, classes]</c>: linear, or with a hidden layer before it, under the
    /// names that PyTorch gives a <c>Sequential(Linear, ReLU, Dropout, Linear)</c> in its place.
    /// </summary>
    /// <param name="builder">The graph.</param>
    /// <param name="features">What the layer reads.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="options">Classes, head, dropout.</param>
    /// <param name="dropout">The dropout before a linear layer: its name and the network's own share; none when null.</param>
    /// <param name="weight">The last matrix's initialization; PyTorch's default when null.</param>
    /// <param name="bias">The last bias's initialization; PyTorch's default when null.</param>
    public static Node Classifier(
        this GraphBuilder builder,
        Node features,
        string name,
        NetworkOptions options,
        (string Name, float Share)? dropout = null,
        Initializer? weight = null,
        Initializer? bias = null)
    {
        if (options.Head != HeadKind.Mlp)
        {
            Node vector = dropout is var (layer, share) ? builder.DropoutIfAny(features, layer, options.Dropout ?? share) : features;
            return builder.Linear(vector, name, options.Classes, weight, bias);
        }

        Node x = builder.Linear(features, name + ".0", options.HeadWidth, HiddenMatrix, Initializer.Zeros);
        x = builder.Relu(x, name + ".1");
        x = builder.DropoutIfAny(x, name + ".2", options.Dropout ?? HiddenDropout);
        return builder.Linear(x, name + ".3", options.Classes, weight, bias);
    }
}
