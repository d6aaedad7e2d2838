using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public class EmbeddedBackboneTests
{
    [Fact]
    public void Current_Weights_FillEveryParameterOfTheBackboneWithFiniteNumbers()
    {
        EmbeddedBackbone embedded = EmbeddedBackbone.Current;
        Graph graph = NetworkRegistry.Default.Get(embedded.Network).Build(new NetworkOptions { Classes = 5, InputHeight = 160, InputWidth = 160 });
        using IWeightFile file = embedded.Open();

        LoadReport report = WeightLoader.Compare(graph, file);

        Assert.Equal(graph.HeadParameters.Select(p => p.Name), report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Empty(report.ShapeMismatches);
        foreach (WeightEntry entry in file.Entries)
        {
            float[] values = new float[entry.Count];
            file.Read(entry.Name, values);
            Assert.All(values, v => Assert.True(float.IsFinite(v), entry.Name));
        }
    }

    // Everybody who uses the library carries it.
    [Fact]
    public void Current_Weights_AreAtMostEightMegabytes()
    {
        using Stream? stream = typeof(EmbeddedBackbone).Assembly.GetManifestResourceStream("resnet20_half.safetensors");
        Assert.InRange(stream!.Length, 1_000_000, 8_000_000);
    }
}
