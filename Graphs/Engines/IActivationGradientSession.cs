using MLClassify.Graphs;

namespace MLClassify.Engines;

/// <summary>
/// Runs a network on one sample as inference does (running statistics, no dropout, nothing changed) and says how one of its outputs depends on
/// the values of a node: what Grad-CAM and similar methods need. One caller at a time.
/// </summary>
internal interface IActivationGradientSession : IDisposable
{
    /// <summary>The node whose values and gradients are asked for.</summary>
    Node Node { get; }

    /// <summary>The sample's shape.</summary>
    Shape InputShape { get; }

    /// <summary>Computes the outputs of a sample.</summary>
    /// <param name="input">The sample, <c>[H, W, C]</c>.</param>
    /// <returns>The logits; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The input is not one sample.</exception>
    ReadOnlySpan<float> Forward(ReadOnlySpan<float> input);

    /// <summary>Computes the gradient of one output. Once after each <see cref="Forward"/>.</summary>
    /// <param name="output">The output's index: the class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">There was no <see cref="Forward"/> since the last time.</exception>
    void Backward(int output);

    /// <summary>Copies the node's values.</summary>
    /// <returns><c>[H, W, C]</c> of <see cref="Node"/>.</returns>
    /// <exception cref="InvalidOperationException">There was no <see cref="Forward"/>.</exception>
    float[] Activations();

    /// <summary>Copies the output's gradient with respect to the node's values.</summary>
    /// <returns><c>[H, W, C]</c> of <see cref="Node"/>.</returns>
    /// <exception cref="InvalidOperationException">There was no <see cref="Backward"/> since the last <see cref="Forward"/>.</exception>
    float[] Gradient();
}
