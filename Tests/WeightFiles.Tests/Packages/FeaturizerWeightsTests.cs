using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;
using MLClassify.Networks;
using MLClassify.WeightFiles.Packages;

namespace MLClassify.WeightFiles.Tests.Packages;

public sealed class FeaturizerWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Package_HasEveryValueOfTheBackboneAndNoHead()
    {
        Graph graph = Network("cifar_resnet20");
        using var expected = new HostParameterStore(graph.Parameters);
        expected.Initialize(5);

        using FeaturizerWeights weights = Open("cifar_resnet20", "cifar_resnet20", seed: 5);
        using var loaded = new HostParameterStore(graph.Parameters);
        loaded.Initialize(6);
        LoadReport report = WeightLoader.Load(loaded, graph, weights, new LoadOptions { AllowHeadMismatch = true });

        Assert.Equal(["linear.weight", "linear.bias"], report.Missing);
        Assert.All(report.Loaded, name => Assert.Equal(expected.Export(name), loaded.Export(name)));
        Assert.Equal("cifar_resnet20", WeightLoader.NetworkOf(weights));
    }

    [Fact]
    public void Open_AnotherNetwork_NamesTheFirstDifference()
    {
        InvalidWeightsException error = Assert.Throws<InvalidWeightsException>(() => Open("cifar_resnet20", "cifar_resnet56", seed: 1));

        Assert.Contains("the package's network is not cifar_resnet56: ", error.Message);
        Assert.Contains("in the file", error.Message);
    }

    [Fact]
    public void Compare_OtherNamesOrderAndEndBorder_IsTheSame()
    {
        Graph torch = Residual("conv{0}", isMainFirst: true, end: 1);
        Graph cntk = Residual("Convolution{0}", isMainFirst: false, end: 0);

        (IReadOnlyDictionary<string, string>? names, string? difference) = StructureMatch.Compare(torch.Output, cntk.Output);

        Assert.Null(difference);
        Assert.Equal(torch.Parameters.Select(p => p.Name).Order(), names!.Keys.Order());
        Assert.Equal("Convolution3.weight", names["conv3.weight"]);
        Assert.All(names, pair => Assert.Equal(pair.Key.Replace("conv", "Convolution", StringComparison.Ordinal), pair.Value));
    }

    [Theory]
    [InlineData(8, 3, 1, 1e-5f)]
    [InlineData(16, 5, 2, 1e-5f)]
    [InlineData(16, 3, 1, 1e-3f)]
    public void Compare_AnotherConstant_Differs(int outputs, int kernel, int padding, float epsilon)
    {
        Graph expected = Block(16, 3, 1, 1e-5f);

        Assert.NotNull(StructureMatch.Compare(expected.Output, Block(16, 3, 1, 1e-5f).Output).Names);
        Assert.NotNull(StructureMatch.Compare(expected.Output, Block(outputs, kernel, padding, epsilon).Output).Difference);
    }

    [Fact]
    public void Compare_ResNet18AndCntks_SaysWhere()
    {
        string? difference = StructureMatch.Compare(Network("resnet18", 64).Features, Network("resnet18_cntk", 64).Features).Difference;

        Assert.Contains("layer4", difference, StringComparison.Ordinal);
    }

    private FeaturizerWeights Open(string written, string expected, ulong seed)
    {
        var fake = new FakePackage(written);
        fake.Write(_folder.Root, seed);
        return FeaturizerWeights.Open(new PackageFiles(
            fake.Package with { Network = expected }, "0.23.1", _folder[fake.Package.ModelFile], _folder[fake.Package.PreparationFile]));
    }

    private static Graph Network(string name, int size = 32) => NetworkRegistry.Default.Get(name).Build(new NetworkOptions { InputHeight = size, InputWidth = size });

    private static Graph Block(int outputs, int kernel, int padding, float epsilon)
    {
        var builder = GraphBuilder.For("block", new Shape(8, 8, 3));
        return builder.Build(builder.BatchNorm(builder.Convolution(builder.Input, "conv", outputs, kernel, padding: padding), "norm", epsilon));
    }

    // A strided block with a projection, as torchvision writes it, or as CNTK does: the projection first, the sum the other way round,
    // no border after the last window.
    private static Graph Residual(string format, bool isMainFirst, int end)
    {
        var builder = GraphBuilder.For("block", new Shape(8, 8, 4));
        Node? projection = isMainFirst ? null : Convolution(3, 1, 0, builder.Input);
        Node main = builder.Relu(Convolution(1, 3, 1, builder.Input), "relu");
        main = builder.Convolution(main, Name(2), 6, kernel: 3, padding: 1);
        projection ??= Convolution(3, 1, 0, builder.Input);
        return builder.Build(isMainFirst ? builder.Add(main, projection, "sum") : builder.Add(projection, main, "sum"));

        string Name(int number) => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, number);

        Node Convolution(int number, int kernel, int begin, Node input)
        {
            var operation = new ConvolutionOperator
            {
                OutputChannels = 6,
                KernelHeight = kernel,
                KernelWidth = kernel,
                StrideX = 2,
                StrideY = 2,
                PaddingTop = begin,
                PaddingLeft = begin,
                PaddingBottom = begin * end,
                PaddingRight = begin * end,
            };
            var weight = new Parameter
            {
                Name = Name(number) + ".weight",
                Role = ParameterRole.ConvolutionWeight,
                Dimensions = [6, 4, kernel, kernel],
                Initializer = GraphBuilder.DefaultWeight,
            };
            return builder.Append(Name(number), operation, [input], [weight]);
        }
    }
}
