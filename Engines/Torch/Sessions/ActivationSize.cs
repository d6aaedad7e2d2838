using MLClassify.Graphs;

namespace MLClassify.Engines.Torch.Sessions;

/// <summary>What activations take, by the shapes: libtorch allocates as it goes, and its convolutions need more beside.</summary>
internal static class ActivationSize
{
    /// <summary>Inference holds a layer's inputs and output: the largest such pair.</summary>
    public static long OfInference(Graph graph, int batch, int bytesPerValue) =>
        graph.Nodes.Max(n => n.Inputs.Sum(i => (long)i.Shape.Count) + n.Shape.Count) * batch * bytesPerValue;

    /// <summary>Training keeps every map until its gradient has been computed.</summary>
    public static long OfTraining(Graph graph, int batch, int bytesPerValue) =>
        graph.Nodes.Sum(n => (long)n.Shape.Count) * batch * bytesPerValue;
}
