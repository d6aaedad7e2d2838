using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Graphs.Descriptions;
using MLClassify.Graphs.Operators;
using MLClassify.Networks;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>Holds what is read from PyTorch's ONNX files to PyTorch's outputs, which <c>Golden/onnx/make_onnx.py</c> computed in float64.</summary>
public sealed class OnnxNetworkTests : IDisposable
{
    // As for torchvision's networks: each layer rounds by about 1e-7 of its largest value; three orders of magnitude are left for growth.
    private const double Tolerance = 1e-4;

    private static readonly OnnxCase[] Cases = OnnxGolden.Cases();

    private readonly CpuEngine _engine = new(2);

    public static TheoryData<string> Files { get; } = [.. Cases.Select(c => c.File)];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_FileOfPyTorch_GivesItsOutputs(string file)
    {
        OnnxCase expected = Cases.Single(c => c.File == file);
        using OnnxNetwork network = OnnxGolden.Open(file);
        Assert.Equal(new Shape(expected.Height, expected.Width, 3), network.Graph.Input.Shape);
        AssertClose(expected.Values, Run(network, network.Graph, expected));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_DescribedAndBuiltAgain_GivesTheSameBits(string file)
    {
        OnnxCase expected = Cases.Single(c => c.File == file);
        using OnnxNetwork network = OnnxGolden.Open(file);
        string json = NetworkSpec.From(network.Graph).ToJson();
        Graph again = NetworkSpec.FromJson(json, "model").Build();
        Assert.Equal(network.Graph.Nodes.Select(n => n.ToString()), again.Nodes.Select(n => n.ToString()));
        Assert.Equal(Run(network, network.Graph, expected), Run(network, again, expected));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_FileOfPyTorch_HasALastLayerToReplace(string file)
    {
        using OnnxNetwork network = OnnxGolden.Open(file);
        Graph replaced = NetworkHead.Replace(network.Graph, 7, dropout: 0.25f);
        Assert.Equal(Shape.Vector(7), replaced.Output.Shape);
        Assert.True(replaced.Features.Shape.IsVector);
        Assert.Equal(2, replaced.HeadParameters.Count());
        Assert.Equal([0.25f], replaced.Nodes.Where(n => n.Index > replaced.Features.Index).Select(n => n.Operator).OfType<DropoutOperator>().Select(d => d.Probability));
        Assert.All(replaced.Parameters.Except(replaced.HeadParameters), p => Assert.Contains(network.Graph.Parameters, o => o.Name == p.Name));
    }

    [Theory]
    [InlineData("residual_13", "conv1.weight,conv1.bias,layer1.0.conv1.weight,layer1.0.conv1.bias,layer1.0.conv2.weight,layer1.0.conv2.bias,layer1.0.downsample.0.weight,layer1.0.downsample.0.bias,layer1.1.conv1.weight,layer1.1.conv1.bias,layer1.1.conv2.weight,layer1.1.conv2.bias,fc.weight,fc.bias")]
    [InlineData("dense_16_unfolded", "conv0.weight,norm1.weight,norm1.bias,norm1.running_mean,norm1.running_var,conv1.weight,norm2.weight,norm2.bias,norm2.running_mean,norm2.running_var,conv2.weight,norm3.weight,norm3.bias,norm3.running_mean,norm3.running_var,classifier.weight,classifier.bias")]
    [InlineData("images_13", "conv.weight,conv.bias,matrix,offset")]
    public void Open_FileOfPyTorch_KeepsItsNames(string file, string names)
    {
        using OnnxNetwork network = OnnxGolden.Open(file);
        Assert.Equal(names.Split(','), network.Graph.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void Open_AdaptivePooling_TakesOtherInputSizes()
    {
        using OnnxNetwork network = OnnxGolden.Open("alex_11");
        Graph larger = GraphDescription.From(network.Graph).Build(43, 51);
        Assert.Equal(network.Graph.Output.Shape, larger.Output.Shape);
        Assert.Equal(network.Graph.Parameters.Select(p => p.Count), larger.Parameters.Select(p => p.Count));
    }

    [Fact]
    public void Input_NormalizationOfImages_IsLeftOutOfTheGraph()
    {
        using OnnxNetwork network = OnnxGolden.Open("images_13");
        Assert.Equal(1 / (255 * 0.229), network.Input.Factors[0], 1e-7);
        Assert.Equal(-0.406 / 0.225, network.Input.Offsets[2], 1e-5);
        Assert.IsType<ConvolutionOperator>(network.Graph.Nodes[1].Operator);
    }

    [Fact]
    public void Open_Dropout_StaysForTraining()
    {
        // In evaluation mode PyTorch leaves dropout out; a file exported for training on has it.
        using OnnxNetwork network = OnnxGolden.Open("residual_17");
        Assert.Contains(network.Graph.Nodes, n => n.Operator is BatchNormOperator { Epsilon: 1e-5f, Momentum: > 0.0999f and < 0.1001f });
    }

    [Theory]
    [InlineData("resnet18.safetensors", false)]
    [InlineData("zip.pth", false)]
    [InlineData("legacy.pth", false)]
    [InlineData("fire_12.onnx", true)]
    public void Matches_FilesOfAllKinds_TellsOnnxByContent(string name, bool expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder["file.bin"];
        if (name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            SafetensorsWriter.Write(path, []);
        }
        else
        {
            File.WriteAllBytes(path, name.EndsWith(".pth", StringComparison.Ordinal) ? TestFiles.Golden("torch", name) : GoldenFolder.Onnx.Bytes(name));
        }

        Assert.Equal(expected, OnnxNetwork.Matches(path));
    }

    private float[] Run(OnnxNetwork network, Graph graph, OnnxCase @case)
    {
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        network.Load(parameters);
        using IInferenceSession session = _engine.CreateInference(graph, parameters, @case.Batch);
        float[] input = new float[@case.Batch * session.InputShape.Count];
        FormulaValues.FillInput(input);
        if (@case.ChannelsLast)
        {
            OnnxInput scaling = network.Input;

            // The file takes images: 50 x + 120, as the script has it.
            for (int i = 0; i < input.Length; i++)
            {
                input[i] = (float)((((input[i] * 50) + 120) * scaling.Factors[i % 3]) + scaling.Offsets[i % 3]);
            }
        }

        return session.Run(input).ToArray();
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= Tolerance * scale, $"value {i}: expected {expected[i]}, found {found[i]}, largest {scale}");
        }
    }
}
