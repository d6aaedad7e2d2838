using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Tests.Loading;

public sealed class InputSizeTests
{
    public static TheoryData<string> Names { get; } = [.. NetworkRegistry.Default.Names];

    // Parameters do not depend on the input's size: weights of 224 fit every size.
    [Theory]
    [MemberData(nameof(Names))]
    public void Compare_OtherSize_FitsCompletely(string name)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(name);
        Graph graph = definition.Build(new NetworkOptions { InputHeight = 224, InputWidth = 224 });
        var file = new Header([.. graph.Parameters.Select(p => new WeightEntry(p.Name, ElementType.F32, [.. p.Dimensions.Select(d => (long)d)]))]);
        foreach ((int height, int width) in (ReadOnlySpan<(int, int)>)[(160, 160), (320, 320), (97, 131)])
        {
            Graph other = definition.Build(new NetworkOptions { InputHeight = height, InputWidth = width });
            Assert.True(WeightLoader.Compare(other, file).IsComplete, $"{height} x {width}");
        }
    }

    /// <summary>A file whose values nobody asks for.</summary>
    private sealed class Header(IReadOnlyList<WeightEntry> entries) : IWeightSource
    {
        public string File => "w.safetensors";

        public IReadOnlyList<WeightEntry> Entries => entries;

        public void Read(string name, Span<float> values) => throw new NotSupportedException();
    }
}
