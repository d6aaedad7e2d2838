using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs.Descriptions;
using MLClassify.Graphs.Operators;
using MLClassify.Testing.Engines;

namespace MLClassify.Graphs.Tests.Descriptions;

public sealed class GraphDescriptionTests : IDisposable
{
    private readonly CpuEngine _engine = new(1);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Build_EveryOperator_IsTheSameGraph()
    {
        Graph graph = Everything();
        AssertSame(graph, GraphDescription.From(graph).Build());
        Assert.Equal(
            OperatorKinds.Names,
            graph.Nodes.Skip(1).Select(n => n.Operator.Kind).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Build_HeadOfAGraph_KeepsTheOrderOfFeatures()
    {
        Graph graph = Everything();
        Graph head = graph.After(graph.Features);
        Parameter matrix = head.Parameters[0];
        Assert.NotNull(matrix.FlattenedFrom);
        AssertSame(head, GraphDescription.From(head).Build());
    }

    [Fact]
    public void Build_OtherInput_HasOtherShapesAndTheSameParameters()
    {
        Graph graph = TestNetworks.Residual(dropout: 0.5f);
        Graph other = GraphDescription.From(graph).Build(40, 32);
        Assert.Equal(new Shape(40, 32, 3), other.Input.Shape);
        Assert.Equal(graph.Parameters.Select(p => p.Name), other.Parameters.Select(p => p.Name));
        Assert.Equal(graph.Output.Shape, other.Output.Shape);
    }

    [Fact]
    public void Build_InputTooSmall_NamesTheLayer()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => GraphDescription.From(Everything()).Build(1, 1));
        Assert.Contains("'", error.Message);
    }

    public static TheoryData<string, string> Damages { get; } = new()
    {
        { "later input", "expected earlier nodes" },
        { "negative input", "expected earlier nodes" },
        { "unknown operator", "there is no operator 'input'" },
        { "unknown attribute", "has other attributes" },
        { "missing attribute", "outputs is missing" },
        { "fraction", "must be a whole number" },
        { "no parameters", "has 2 parameters, got 0" },
        { "same parameter twice", "twice" },
        { "output outside", "must be nodes" },
        { "features aside", "does not depend on its features" },
        { "huge filters", "sizes that no machine could hold" },
        { "huge padding", "sizes that no machine could hold" },
        { "huge map", "are accepted" },
        { "no name", "no name" },
        { "initialization", "there is no initialization" },
        { "flattened", "cannot come from a map" },
        { "summand", "expected a summand" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Build_DamagedDescription_SaysWhat(string damage, string message)
    {
        GraphDescription whole = GraphDescription.From(Simple());
        var error = Assert.ThrowsAny<ArgumentException>(() => Damage(whole, damage).Build());
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("concat")]
    public void Build_LongestChain_RunsWithoutDeepRecursion(string kind)
    {
        var nodes = new List<NodeDescription>();
        for (int i = 0; i < GraphDescription.MaximumNodes - 1; i++)
        {
            nodes.Add(kind == "relu"
                ? new NodeDescription { Name = "n", Operator = "relu", Inputs = [i] }
                : new NodeDescription { Name = "n", Operator = "concat", Inputs = [i, 0] });
        }

        nodes.Add(new NodeDescription
        {
            Name = "last",
            Operator = "linear",
            Inputs = [nodes.Count],
            Attributes = new() { ["outputs"] = 1 },
            Parameters = [new() { Name = "w" }, new() { Name = "b" }],
        });
        Graph graph = new GraphDescription { Name = "chain", Input = [1, 1, 1], Nodes = nodes, Output = nodes.Count, Features = 0 }.Build();
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        using IInferenceSession session = _engine.CreateInference(graph, parameters, 1);
        session.Run([0]);
    }

    [Fact]
    public void Build_TooManyNodes_IsRefused()
    {
        NodeDescription[] nodes = [.. Enumerable.Range(0, 100_000).Select(i => new NodeDescription { Name = "n", Operator = "relu", Inputs = [i] })];
        var description = new GraphDescription { Name = "long", Input = [1, 1, 1], Nodes = nodes, Output = 100_000, Features = 0 };
        Assert.Contains("100000 nodes", Assert.Throws<ArgumentException>(() => description.Build()).Message);
    }

    [Theory]
    [InlineData(3, 1, 0, 2, 1, 4)]
    [InlineData(3, 2, 1, 0, 0, 1)]
    [InlineData(1, 1, 3, 0, 2, 1)]
    [InlineData(3, 1, 5, 6, 4, 7)]
    public void Convolution_UnevenBorder_EqualsTheReference(int kernel, int stride, int top, int left, int bottom, int right)
    {
        var builder = GraphBuilder.For("uneven", new Shape(7, 9, 4));
        var operation = new ConvolutionOperator
        {
            OutputChannels = 20,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideY = stride,
            StrideX = stride,
            PaddingTop = top,
            PaddingLeft = left,
            PaddingBottom = bottom,
            PaddingRight = right,
        };
        var weight = new Parameter { Name = "w", Role = ParameterRole.ConvolutionWeight, Dimensions = [20, 4, kernel, kernel], Initializer = GraphBuilder.DefaultWeight };
        Graph graph = builder.Build(builder.Append("conv", operation, [builder.Input], [weight]));
        using ParameterStore parameters = _engine.CreateParameters(graph.Parameters);
        TestNetworks.Initialize(parameters);
        using IInferenceSession session = _engine.CreateInference(graph, parameters, 2);
        float[] input = new float[2 * graph.Input.Shape.Count];
        TestNetworks.Fill(input, 3);
        var reference = new DoubleReference(graph, new() { ["w"] = [.. parameters.Export("w").Select(v => (double)v)] }, 2);
        float[] expected = [.. reference.Forward([.. input.Select(v => (double)v)], training: false).Select(v => (float)v)];
        TestNetworks.AssertClose(expected, session.Run(input), 1e-4);
    }

    private static GraphDescription Damage(GraphDescription d, string damage)
    {
        GraphDescription With(int index, Func<NodeDescription, NodeDescription> change) =>
            d with { Nodes = [.. d.Nodes.Select((n, i) => i == index ? change(n) : n)] };
        GraphDescription Attribute(string name, double value) => With(0, n => n with { Attributes = new(n.Attributes!) { [name] = value } });
        return damage switch
        {
            "later input" => With(0, n => n with { Inputs = [1] }),
            "negative input" => With(0, n => n with { Inputs = [-1] }),
            "unknown operator" => With(1, n => n with { Operator = "input" }),
            "unknown attribute" => Attribute("color", 1),
            "missing attribute" => With(0, n => n with { Attributes = null }),
            "fraction" => Attribute("outputs", 2.5),
            "no parameters" => With(0, n => n with { Parameters = null }),
            "same parameter twice" => With(0, n => n with { Parameters = [n.Parameters![0], n.Parameters[0]] }),
            "output outside" => d with { Output = 99 },
            "features aside" => d with { Output = 1, Features = 2 },
            "huge filters" => Attribute("outputs", 1 << 20) with { Input = [1, 1, 1 << 20] } is var big
                ? big with { Nodes = [.. big.Nodes.Select((n, i) => i == 0 ? n with { Attributes = new(n.Attributes!) { ["kernel_height"] = 1 << 29, ["padding_top"] = 1 << 29, ["kernel_width"] = 1 << 29, ["padding_left"] = 1 << 29 } } : n)] }
                : d,
            "huge padding" => Attribute("padding_top", int.MaxValue),
            "huge map" => Attribute("padding_top", 1 << 28),
            "no name" => With(1, n => n with { Name = "" }),
            "initialization" => With(0, n => n with { Parameters = [n.Parameters![0] with { Initializer = new() { Kind = "magic", Value = 1 } }, n.Parameters[1]] }),
            "flattened" => With(3, n => n with { Parameters = [n.Parameters![0] with { FlattenedFrom = [2, 2, 2] }, n.Parameters[1]] }),
            "summand" => With(0, n => n with { Inputs = [0, 0] }),
            _ => throw new ArgumentOutOfRangeException(nameof(damage)),
        };
    }

    private static Graph Simple()
    {
        var b = GraphBuilder.For("simple", new Shape(6, 6, 3));
        Node x = b.Convolution(b.Input, "conv", 4, 3);
        Node features = b.GlobalAveragePool(b.Relu(x, "relu"), "pool");
        return b.Build(b.Linear(features, "fc", 2), features);
    }

    private static Graph Everything()
    {
        var b = GraphBuilder.For("everything", new Shape(17, 19, 3));
        Node x = b.Convolution(b.Input, "conv", 8, 3, 2, 1, weight: new KaimingNormalInitializer(true), biasInitializer: Initializer.Ones);
        x = b.LocalResponseNorm(b.Relu(b.BatchNorm(x, "norm", 1e-3f, 0.2f, Initializer.Zeros), "relu", 6), "lrn", 3, 1.5f, 0.01f, 0.5f);
        x = b.MaxPool(x, "max", 3, 2, 1, ceilMode: true);
        Node y = b.Convolution(x, "branch", 8, 3, padding: 1, groups: 8, bias: false, weight: new UniformInitializer(0.25));
        y = b.Scale(y, b.Sigmoid(b.GlobalAveragePool(y, "squeeze"), "gate"), "scale");
        x = b.Concat([b.Add(x, y, "add"), b.PadChannels(x, "pad", 1, 2)], "concat");
        x = b.AdaptiveAveragePool(b.AveragePool(x, "mean", 2, 1), "adaptive", 3, 2);
        Node features = b.Append("flatten", new FlattenOperator(), [x], []);
        Node vector = b.Dropout(b.Relu(features, "relu2"), "drop", 0.3f);
        return b.Build(b.Linear(vector, "fc", 5, new NormalInitializer(0.01f)), features);
    }

    private static void AssertSame(Graph expected, Graph found)
    {
        Assert.Equal(expected.Nodes.Select(n => (n.Name, n.Operator, n.Shape)), found.Nodes.Select(n => (n.Name, n.Operator, n.Shape)));
        Assert.Equal(expected.Nodes.Select(n => string.Join(',', n.Inputs.Select(i => i.Index))), found.Nodes.Select(n => string.Join(',', n.Inputs.Select(i => i.Index))));
        Assert.Equal(
            expected.Parameters.Select(p => (p.Name, p.Role, string.Join(',', p.Dimensions), p.Groups, p.FlattenedFrom, p.Initializer)),
            found.Parameters.Select(p => (p.Name, p.Role, string.Join(',', p.Dimensions), p.Groups, p.FlattenedFrom, p.Initializer)));
        Assert.Equal((expected.Name, expected.Output.Index, expected.Features.Index), (found.Name, found.Output.Index, found.Features.Index));
    }
}
