namespace MLClassify.Networks.Tests.Parity;

/// <summary>What PyTorch found for a network, in float64; see <c>Golden/make_parity.py</c>.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Batch">Samples.</param>
/// <param name="Height">The input's rows.</param>
/// <param name="Width">The input's columns.</param>
/// <param name="Seed">The input's number.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Margin">How near a value comes to ReLU's kink, in standard deviations of its map.</param>
/// <param name="Outputs">Logits in evaluation mode, before training.</param>
/// <param name="Losses">The loss of each step.</param>
internal sealed record ParityCase(
    string Network, int Batch, int Height, int Width, int Seed, double Rate, double Margin, double[] Outputs, double[] Losses)
{
    /// <summary>Of each trainable parameter's first gradient: norm, projection, place of the largest value, that value.</summary>
    public double[][] Gradients { get; init; } = [];

    /// <summary>Likewise, of the momentum after the last step.</summary>
    public double[][] Momentum { get; init; } = [];

    /// <summary>Likewise, of all parameters after the last step, running statistics among them.</summary>
    public double[][] Weights { get; init; } = [];

    /// <summary>PyTorch's own relative differences in float32: outputs, loss, gradients, momentum, weights.</summary>
    public double[] Own { get; init; } = [];
}
