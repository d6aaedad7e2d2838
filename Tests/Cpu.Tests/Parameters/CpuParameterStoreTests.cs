using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Engines.Cpu.Tests.Support;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Tests;

public class CpuParameterStoreTests
{
    [Theory]
    [LevelData(SimdLevel.Scalar)]
    [LevelData(SimdLevel.Vector128)]
    [LevelData(SimdLevel.Vector256)]
    [LevelData(SimdLevel.Vector512)]
    internal void ImportExport_EveryRole_RoundTrips(SimdLevel level)
    {
        Graph graph = EveryRole();
        using CpuDevice device = CpuDevice.Create(1, level);
        using var parameters = new CpuParameterStore(graph.Parameters, device);
        float next = 1;
        var values = graph.Parameters.ToDictionary(p => p.Name, p => Enumerable.Range(0, (int)p.Count).Select(_ => next++).ToArray());
        foreach ((string name, float[] value) in values)
        {
            parameters.Import(name, value);
        }

        Assert.Equal(
            ["depthwise.weight", "grouped.weight", "grouped.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "flat.weight", "flat.bias", "plain.weight", "plain.bias"],
            parameters.Values.Select(v => v.Parameter.Name));
        Assert.All(values, pair => Assert.Equal(pair.Value, parameters.Export(pair.Key)));
    }

    [Fact]
    public void Import_FlattenedMap_PutsChannelsFirstFeaturesInChannelsLastOrder()
    {
        // One output that picks the feature (channel 2, row 1, column 0) of a [3, 2, 4] map, as PyTorch counts it: channels first.
        var b = GraphBuilder.For("flat", new Shape(3, 2, 4));
        Graph graph = b.Build(b.Linear(b.Input, "fc", 1));
        using CpuDevice device = CpuDevice.Create(1);
        using var parameters = new CpuParameterStore(graph.Parameters, device);
        float[] weight = new float[24];
        weight[(2 * 6) + (1 * 2) + 0] = 1;
        parameters.Import("fc.weight", weight);
        using var session = new InferenceSession(graph, parameters, 1);
        for (int i = 0; i < 24; i++)
        {
            session.Input[i] = i;
        }

        Assert.Equal((((1 * 2) + 0) * 4) + 2, session.Run(1)[0]);
        Assert.Equal(weight, parameters.Export("fc.weight"));
    }

    [Fact]
    public void Linear_AfterDropoutAndRelu_StillKnowsTheMap()
    {
        var b = GraphBuilder.For("flat", new Shape(3, 2, 4));
        Node vector = b.Append("flatten", new FlattenOperator(), [b.Input], []);
        Node last = b.Linear(b.Relu(b.Dropout(vector, "dropout"), "relu"), "fc", 2);
        Node second = b.Linear(last, "fc2", 2);
        Assert.Equal(new Shape(3, 2, 4), last.Parameters[0].FlattenedFrom);
        Assert.Null(second.Parameters[0].FlattenedFrom);
    }

    [Fact]
    public void Import_WrongCount_NamesParameterAndCounts()
    {
        Graph graph = EveryRole();
        using CpuDevice device = CpuDevice.Create(1);
        using var parameters = new CpuParameterStore(graph.Parameters, device);
        var error = Assert.Throws<ArgumentException>(() => parameters.Import("grouped.weight", new float[5]));
        Assert.StartsWith("Parameter 'grouped.weight' has 540 values [20, 3, 3, 3], got 5.", error.Message, StringComparison.Ordinal);
        Assert.Equal("No parameter is named 'absent'.", Assert.Throws<KeyNotFoundException>(() => parameters.Export("absent")).Message);
        Assert.False(parameters.Contains("absent"));
        Assert.True(parameters.Contains("grouped.weight"));
    }

    [Fact]
    public void Initialize_SomeParameters_LeavesOthersAndDependsOnNamesAlone()
    {
        Graph graph = EveryRole();
        using CpuDevice wide = CpuDevice.Create(1);
        using CpuDevice narrow = CpuDevice.Create(2, SimdLevel.Scalar);
        using var all = new CpuParameterStore(graph.Parameters, wide);
        using var some = new CpuParameterStore(graph.Parameters.Reverse(), narrow);
        all.Initialize(5);
        some.Initialize(5, p => p.Name.StartsWith("flat", StringComparison.Ordinal));
        Assert.Equal(all.Export("flat.weight"), some.Export("flat.weight"));
        Assert.Equal(all.Export("flat.bias"), some.Export("flat.bias"));
        Assert.All(some.Export("plain.weight"), v => Assert.Equal(0, v));
        Assert.Contains(all.Export("plain.weight"), v => v != 0);
    }

    [Fact]
    public void CopyFrom_LargerSet_TakesItsOwnNames()
    {
        Graph graph = EveryRole();
        using CpuDevice device = CpuDevice.Create(1);
        using var all = new CpuParameterStore(graph.Parameters, device);
        using var some = new CpuParameterStore(graph.Parameters.Where(p => p.Name.StartsWith("plain", StringComparison.Ordinal)), device);
        all.Initialize(5);
        some.CopyFrom(all);
        Assert.Equal(all.Export("plain.weight"), some.Export("plain.weight"));
        Assert.Throws<KeyNotFoundException>(() => all.CopyFrom(some));
    }

    private static Graph EveryRole()
    {
        var b = GraphBuilder.For("roles", new Shape(5, 4, 6));
        Node x = b.Convolution(b.Input, "depthwise", 6, 3, 1, 1, groups: 6, bias: false);
        x = b.BatchNorm(b.Convolution(x, "grouped", 20, 3, 2, 1, groups: 2), "norm");
        return b.Build(b.Linear(b.Linear(x, "flat", 37), "plain", 3));
    }
}
