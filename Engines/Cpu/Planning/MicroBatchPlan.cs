using MLClassify.Engines.Cpu.Operators;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Planning;

/// <summary>
/// Depth-first execution: the nodes up to <see cref="LastNode"/> run for a few samples at a time, so that their activations stay in the
/// shared cache; what follows runs for the whole batch. Late layers have small maps and many filters, which would be fetched anew for
/// every part.
/// </summary>
/// <param name="LastNode">The last node that runs in parts; 0 for none.</param>
/// <param name="Samples">Samples of a part.</param>
internal readonly record struct MicroBatchPlan(int LastNode, int Samples)
{
    /// <summary>
    /// What a layer may read and write for one part: half of a usual shared cache. A fixed figure, so that results are the same everywhere.
    /// </summary>
    public const long CacheBytes = 16 << 20;

    /// <summary>No parts.</summary>
    public static MicroBatchPlan None { get; }

    /// <summary>Chooses where the parts end: as far as the activations that stay in cache outweigh the filters that are fetched again.</summary>
    /// <param name="graph">The graph, fused for inference.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <param name="cacheBytes">What a layer may read and write for one part.</param>
    public static MicroBatchPlan For(Graph graph, int maxBatch, long cacheBytes)
    {
        MicroBatchPlan best = None;
        long bestGain = 0;
        long activations = 0;
        long filters = 0;
        long largest = 0;
        int openUntil = 0;
        foreach (Node node in graph.Nodes.Skip(1))
        {
            long read = node.Inputs.Sum(input => Bytes(input));
            activations += read + Bytes(node);
            filters += sizeof(float) * node.Parameters.Sum(parameter => (long)parameter.Count);
            largest = Math.Max(largest, read + Bytes(node));

            // Everything before this node must be over when it is computed, and nobody may need a copy of it at another place.
            openUntil = Math.Max(openUntil, LastUser(graph, graph.Nodes[node.Index - 1]));
            if (openUntil > node.Index || node.Computation.IsView || node == graph.Output)
            {
                continue;
            }

            int parts = (int)Math.Clamp(maxBatch * largest / cacheBytes, 1, maxBatch);
            int samples = (maxBatch + parts - 1) / parts;
            parts = (maxBatch + samples - 1) / samples;
            long gain = (activations * maxBatch) - (filters * (parts - 1));
            if (parts > 1 && gain > bestGain)
            {
                best = new MicroBatchPlan(node.Index, samples);
                bestGain = gain;
            }
        }

        return best;
    }

    private static long Bytes(Node node) => sizeof(float) * (long)node.Shape.Count;

    private static int LastUser(Graph graph, Node node) => graph.Nodes.Where(n => n.Inputs.Contains(node)).Select(n => n.Index).DefaultIfEmpty(node.Index).Max();
}
