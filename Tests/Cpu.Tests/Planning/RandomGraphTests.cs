using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Passes;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;
using MLClassify.Testing.Engines;

namespace MLClassify.Engines.Cpu.Tests.Planning;

/// <summary>
/// Random graphs full of shared inputs: what the plans may overwrite, alias or must copy is decided differently in each, and every
/// mistake shows in a value or gradient.
/// </summary>
public class RandomGraphTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Session_RandomGraph_MatchesCentralDifferences(int seed)
    {
        using var engine = new CpuEngine(1);
        GradientCheck.Run(engine, Build(seed), 2);
        using CpuDevice device = CpuDevice.Create(1);
        CpuNetworks.CheckLogits(device, Build(seed), 2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Session_RandomPartsTrained_SameBitsAsWholeGraph(int seed)
    {
        Graph graph = Build(seed);
        using CpuDevice device = CpuDevice.Create(1);
        Dictionary<string, float[]> whole = Gradients(graph, device, _ => true);
        var random = new Random(seed);
        HashSet<string> chosen = [.. graph.Parameters.Where(p => p.Name == "last.bias" || random.Next(3) == 0).Select(p => p.Name)];

        Dictionary<string, float[]> parts = Gradients(graph, device, p => chosen.Contains(p.Name));

        TestNetworks.AssertSameBits(whole.Where(g => chosen.Contains(g.Key)).ToDictionary(), parts);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Session_ConcatenatedInPlace_SameBitsAsCopies(int seed)
    {
        // Chains would add the gradients of what is concatenated in another order.
        Graph graph = Build(seed);
        if (ChainConcatenations.Run(graph) == graph)
        {
            using CpuDevice device = CpuDevice.Create(1);
            TestNetworks.AssertSameBits(Gradients(graph, device, _ => true, copy: true), Gradients(graph, device, _ => true));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void InferenceSession_BatchInParts_SameBitsAsWhole(int seed)
    {
        Graph graph = Build(seed);
        using CpuDevice device = CpuDevice.Create(1);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);
        using var whole = new InferenceSession(graph, parameters, 7, false, long.MaxValue);
        float[] input = new float[whole.Input.Length];
        TestNetworks.Fill(input, 5);
        foreach (long cacheBytes in new long[] { 1, 700, 1500 })
        {
            using var parts = new InferenceSession(graph, parameters, 7, false, cacheBytes);
            foreach (int batch in new[] { 7, 1, 5 })
            {
                input.CopyTo(whole.Input);
                input.CopyTo(parts.Input);
                float[] expected = whole.Run(batch).ToArray();

                TestNetworks.AssertSameBits(expected, parts.Run(batch), $"{batch} samples, {cacheBytes} bytes");
            }
        }
    }

    private static Dictionary<string, float[]> Gradients(Graph graph, CpuDevice device, Func<Parameter, bool> trainable, bool copy = false)
    {
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);
        using var session = new GradientSession(graph, parameters, new GradientSessionOptions { MaxBatch = 2, Trainable = trainable, CopyConcatenated = copy });
        TestNetworks.Fill(session.Input, 5);
        session.Step([0, 2], 0);
        return CpuNetworks.Gradients(session, device);
    }

    internal static Graph Build(int seed)
    {
        var random = new Random(seed);
        var b = GraphBuilder.For("random", new Shape(2, 3, 4));
        List<Node> maps = [b.Input, b.Convolution(b.Input, "first", 4, 1)];
        Node wide = maps[1];
        int steps = random.Next(4, 14);
        for (int i = 0; i < steps; i++)
        {
            // Recent nodes more often, so that graphs are deep as well as wide; the input is allowed, too.
            Node Pick() => maps[Math.Max(random.Next(maps.Count), random.Next(maps.Count))];
            string name = "n" + i;
            int kind = random.Next(12);
            if (kind > 8)
            {
                // A concatenation that grows, at either end, and is read in between, as it is or through something else.
                wide = b.Concat(random.Next(3) == 0 ? [Pick(), wide] : [wide, Pick()], name + "_wide");
                wide = kind == 10 ? b.Relu(wide, name + "_relu") : wide;
            }

            maps.Add(kind switch
            {
                0 => b.Convolution(Pick(), name, 4, 1),
                1 => b.Relu(Pick(), name),
                2 => b.Sigmoid(Pick(), name),
                3 or 4 or 5 => b.Add(Pick(), Pick(), name),
                6 => b.BatchNorm(Pick(), name),
                9 or 10 => b.Convolution(b.BatchNorm(wide, name + "_norm"), name, 4, 1),
                11 => b.Convolution(wide, name, 4, 1),
                7 => b.Convolution(b.Concat([Pick(), Pick(), Pick()], name + "_concat"), name, 4, 1),
                _ => b.Scale(Pick(), b.GlobalAveragePool(Pick(), name + "_pool"), name),
            });
        }

        Node sum = b.Add(maps[^1], maps[^2], "sum");
        if (random.Next(2) == 0)
        {
            sum = b.Dropout(sum, "dropout", 0);
        }

        return b.Build(b.Linear(sum, "last", 3));
    }
}
