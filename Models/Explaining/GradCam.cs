using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Models;

/// <summary>
/// Grad-CAM (Selvaraju et al. 2017, arXiv:1610.02391): which regions of the image support a class. Each channel of a late
/// map is weighted by the mean of the class's gradient over it, and the positive part of the weighted sum is the heat map. For any network:
/// nothing is retrained and nothing changed. One caller at a time.
/// </summary>
internal sealed class GradCam : IDisposable
{
    private readonly IActivationGradientSession _session;
    private readonly MapPositions _positions;

    /// <summary>Prepares a network.</summary>
    /// <param name="engine">The engine that computes.</param>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">Its values, of this engine; they must outlive this.</param>
    /// <param name="node">The map to look at; <see cref="FeatureMap.LastOf"/> when null.</param>
    /// <exception cref="ArgumentException">The network has no feature map, or the node does not lead to its output.</exception>
    public GradCam(Engine engine, Graph graph, ParameterStore parameters, Node? node = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(graph);
        Node = node ?? FeatureMap.LastOf(graph);
        _positions = MapPositions.Of(Node);
        _session = engine.CreateActivationGradient(graph, parameters, Node);
    }

    /// <summary>The map that is looked at.</summary>
    public Node Node { get; }

    /// <summary>Computes the logits of an image.</summary>
    /// <param name="input">The image as the network takes it, <c>[H, W, 3]</c>.</param>
    /// <returns>The logits; valid until the next call.</returns>
    public ReadOnlySpan<float> Run(ReadOnlySpan<float> input) => _session.Forward(input);

    /// <summary>Computes the heat map of a class. May be called once after each <see cref="Run"/>.</summary>
    /// <param name="label">The class's index.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="InvalidOperationException">There was no <see cref="Run"/> since the last time.</exception>
    /// <exception cref="InvalidDataException">The network's values are not finite.</exception>
    public HeatMap Explain(int label)
    {
        _session.Backward(label);
        return Map(_session.Activations(), _session.Gradient());
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _session.Dispose();

    private HeatMap Map(float[] activations, float[] gradient)
    {
        int channels = Node.Shape.Channels;
        int pixels = Node.Shape.Pixels;
        double[] weights = new double[channels];
        for (int i = 0; i < gradient.Length; i++)
        {
            weights[i % channels] += gradient[i];
        }

        double[] evidence = new double[pixels];
        for (int i = 0; i < activations.Length; i++)
        {
            evidence[i / channels] += weights[i % channels] / pixels * activations[i];
        }

        return Array.TrueForAll(evidence, double.IsFinite)
            ? new HeatMap(Node.Shape.Height, Node.Shape.Width, evidence, _positions, _session.InputShape)
            : throw new InvalidDataException($"The network's activations at '{Node.Name}' are not finite for this image.");
    }
}
