using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Passes;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Tests.Passes;

public class FuseForInferenceTests
{
    [Fact]
    public void Run_NormBeforeConvolution_TakesTheRectifier()
    {
        var b = GraphBuilder.For("pre-activation", new Shape(4, 4, 3));
        Node x = b.Relu(b.BatchNorm(b.MaxPool(b.Input, "pool", 2, 2), "norm1"), "relu1", 6);
        x = b.Relu(b.BatchNorm(b.Convolution(x, "conv", 5, 1, bias: false), "norm2"), "relu2");
        Graph graph = b.Build(x);
        using CpuDevice device = CpuDevice.Create(1);
        using CpuParameterStore parameters = CpuNetworks.Parameters(graph, device);

        using FusedNetwork fused = FuseForInference.Run(graph, parameters);

        Assert.Equal(["input", "pool", "norm1", "conv"], fused.Graph.Nodes.Select(n => n.Name));
        Assert.Equal(6f, ((BatchNormOperator)fused.Graph.Nodes[2].Operator).ReluMax);
        Assert.Equal(float.PositiveInfinity, ((ConvolutionOperator)fused.Graph.Nodes[3].Operator).ReluMax);
    }
}
