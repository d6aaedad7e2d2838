using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Tests.Safetensors;

public class SafetensorsWriterTests
{
    [Fact]
    public void Write_TwoTensors_IsTheFormatToTheByte()
    {
        byte[] file = SafetensorsBytes.Write(
            [
                SafetensorsTensor.FromBytes("flag", ElementType.Bool, [], () => new byte[] { 1 }),
                SafetensorsTensor.FromSingles("w", [1, 2], () => new float[] { 1, -2 }),
            ],
            new Dictionary<string, string> { ["labels"] = "épi, 花", ["format"] = "pt" });

        const string Json = """{"__metadata__":{"format":"pt","labels":"épi, 花"},"flag":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[1,9]}}""";
        int length = (Encoding.UTF8.GetByteCount(Json) + 7) / 8 * 8;
        byte[] header = [.. Encoding.UTF8.GetBytes(Json), .. Enumerable.Repeat((byte)' ', length - Encoding.UTF8.GetByteCount(Json))];
        Assert.Equal(SafetensorsBytes.File(header, Convert.FromHexString("010000803F000000C0")), file);
    }

    [Fact]
    public void Write_NoTensors_IsAnEmptyObject() => Assert.Equal(SafetensorsBytes.File("{}      ", 0), SafetensorsBytes.Write([]));

    [Fact]
    public void Write_AnyTensors_RoundTrips()
    {
        Arbitrary<Content> contents = Arb.From(Contents());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(20).WithReplay(12345, 67891), Prop.ForAll(contents, RoundTrips));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("b", "__metadata__")]
    public void Write_NameTwiceOrReserved_Throws(string first, string second)
    {
        SafetensorsTensor[] tensors = [.. new[] { first, second }.Select(n => SafetensorsTensor.FromSingles(n, [1], () => new float[1]))];
        var error = Assert.Throws<ArgumentException>(() => SafetensorsBytes.Write(tensors));
        Assert.Contains($"'{second}' is reserved or used twice", error.Message);
    }

    [Fact]
    public void Write_WrongNumberOfValues_NamesTheTensor()
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => SafetensorsBytes.Write([SafetensorsTensor.FromSingles("w", [2, 2], () => new float[3])]));
        Assert.Equal("Tensor 'w' needs 16 bytes, got 12.", error.Message);
    }

    [Fact]
    public void FromSingles_NegativeDimension_Throws() =>
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.FromSingles("w", [-1], () => default));

    [Fact]
    public void Write_LargeTensor_IsStreamed()
    {
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => (float)i)];
        using SafetensorsReader reader = SafetensorsBytes.Open(
            SafetensorsBytes.Write([SafetensorsTensor.FromSingles("w", [1000, 100], () => values)]));
        Assert.Equal(values, reader.Read("w"));
    }

    [Fact]
    public void Write_Path_ReplacesAndLeavesNothingElse()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.safetensors"];
        for (float value = 1; value <= 2; value++)
        {
            float written = value;
            SafetensorsWriter.Write(path, [SafetensorsTensor.FromSingles("w", [1], () => new[] { written })]);
        }

        using SafetensorsReader reader = SafetensorsReader.Open(path);
        Assert.Equal([2f], reader.Read("w"));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Write_FailureHalfway_KeepsTheOldFile()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.safetensors"];
        File.WriteAllText(path, "old");
        SafetensorsTensor[] tensors = [SafetensorsTensor.FromSingles("w", [1], () => throw new TimeoutException())];
        Assert.Throws<TimeoutException>(() => SafetensorsWriter.Write(path, tensors));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Write_EveryHalf_RoundTrips()
    {
        float[] values = [.. Enumerable.Range(0, 1 << 16).Select(i => (float)BitConverter.UInt16BitsToHalf((ushort)i)).Where(v => !float.IsNaN(v))];
        AssertWritten(ElementType.F16, values, values);
    }

    [Fact]
    public void Write_EveryUpperHalf_RoundTrips()
    {
        float[] values = [.. Enumerable.Range(0, 1 << 16).Select(i => BitConverter.Int32BitsToSingle(i << 16)).Where(v => !float.IsNaN(v))];
        AssertWritten(ElementType.BF16, values, values);
    }

    // Halfway cases go to the even neighbor: 2049 lies between 2048 and 2050 in F16, 257 between 256 and 258 in BF16.
    [Theory]
    [InlineData(ElementType.F16, new[] { 2049f, 2051f, 2049.001f, 65519f, -2049f, 5.9604645e-8f / 2, 8.9406967e-8f }, new[] { 2048f, 2052f, 2050f, 65504f, -2048f, 0f, 1.1920929e-7f })]
    [InlineData(ElementType.BF16, new[] { 257f, 259f, 257.001f, -257f, 3.3895314e38f, float.Epsilon }, new[] { 256f, 260f, 258f, -256f, 3.3895314e38f, 0f })]
    [InlineData(ElementType.F64, new[] { 0.1f, float.MaxValue, float.NegativeInfinity }, new[] { 0.1f, float.MaxValue, float.NegativeInfinity })]
    public void Write_Singles_AreRoundedToTheNearestAndThenToEven(ElementType type, float[] values, float[] expected) =>
        AssertWritten(type, values, expected);

    [Theory]
    [InlineData(ElementType.F16)]
    [InlineData(ElementType.BF16)]
    public void Write_NotANumberAndInfinity_StayWhatTheyAre(ElementType type)
    {
        float nearlyInfinite = BitConverter.Int32BitsToSingle(0x7F800001);
        AssertWritten(type, [float.NaN, nearlyInfinite, float.PositiveInfinity, -0f], [float.NaN, float.NaN, float.PositiveInfinity, -0f]);
    }

    [Theory]
    [InlineData(ElementType.F16, 65520f, "Tensor 'w' has 65520 at index 1, which F16 cannot hold.")]
    [InlineData(ElementType.BF16, float.MaxValue, "Tensor 'w' has 3.4028235E+38 at index 1, which BF16 cannot hold.")]
    public void Write_ValueBeyondTheType_NamesIt(ElementType type, float value, string message)
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => SafetensorsBytes.Write([SafetensorsTensor.FromSingles("w", [2], type, () => new[] { 1f, value })]));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void FromSingles_WholeNumbers_Throws() =>
        Assert.Throws<ArgumentException>(() => SafetensorsTensor.FromSingles("w", [1], ElementType.I32, () => new float[1]));

    [Fact]
    public void Write_NetworkAsHalf_KeepsVectorsAndHalvesTheFile()
    {
        using var folder = new TemporaryFolder();
        using var engine = new CpuEngine(1);
        Graph graph = NetworkRegistry.Default.Get("mobilenet_v2").Build(new NetworkOptions { Classes = 10 });
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        parameters.Initialize(3);
        SafetensorsWriter.Write(folder["h.safetensors"], parameters, type: ElementType.F16);
        using SafetensorsReader reader = SafetensorsReader.Open(folder["h.safetensors"]);
        Assert.All(reader.Entries, e => Assert.Equal(e.Dimensions.Count == 1 ? ElementType.F32 : ElementType.F16, e.Type));
        Assert.All(graph.Parameters, p => Assert.All(
            parameters.Export(p.Name).Zip(reader.Read(p.Name)), v => Assert.Equal(p.Dimensions.Count == 1 ? v.First : (float)(Half)v.First, v.Second)));
        Assert.InRange(new FileInfo(folder["h.safetensors"]).Length, 0, (long)(2.2 * graph.Parameters.Sum(p => p.Count)));
    }

    private static void AssertWritten(ElementType type, float[] values, float[] expected)
    {
        using SafetensorsReader reader = SafetensorsBytes.Open(
            SafetensorsBytes.Write([SafetensorsTensor.FromSingles("w", [values.Length], type, () => values)]));
        Assert.Equal(type, reader.Entries[0].Type);
        Assert.Equal(expected, reader.Read("w"));
    }

    private static bool RoundTrips(Content content)
    {
        SafetensorsTensor[] tensors = [.. content.Tensors.Select(
            t => SafetensorsTensor.FromBytes(t.Name, t.Type, t.Dimensions, () => t.Bytes))];
        byte[] file = SafetensorsBytes.Write(tensors, content.Metadata);
        using SafetensorsReader reader = SafetensorsBytes.Open(file);

        // Tensors without bytes share their place with a neighbor, so the file does not tell their order.
        bool entries = content.Tensors.Where(t => t.Bytes.Length > 0).Select(t => t.Name)
            .SequenceEqual(reader.Entries.Where(e => reader.ReadBytes(e.Name).Length > 0).Select(e => e.Name));
        bool tensorsAgree = reader.Entries.Count == content.Tensors.Count && content.Tensors.All(t =>
        {
            WeightEntry entry = reader.Entries.Single(e => e.Name == t.Name);
            return entry.Type == t.Type && entry.Dimensions.SequenceEqual(t.Dimensions) && reader.ReadBytes(t.Name).SequenceEqual(t.Bytes);
        });
        bool metadata = reader.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).SequenceEqual(
            (content.Metadata ?? []).OrderBy(m => m.Key, StringComparer.Ordinal));
        bool aligned = BitConverter.ToInt64(file) % 8 == 0;
        return entries && tensorsAgree && metadata && aligned && SafetensorsBytes.Write(tensors, content.Metadata).SequenceEqual(file);
    }

    private static Gen<Content> Contents()
    {
        // Any text that is text: half a surrogate pair has no UTF-8.
        Gen<string> text = ArbMap.Default.GeneratorFor<string>().Select(
            s => new string([.. (s ?? "").Where(c => !char.IsSurrogate(c))]) + (s?.Length > 20 ? "\U0001F33B" : ""));
        Gen<Stored> tensor =
            from name in text
            from type in Gen.Elements(Enum.GetValues<ElementType>())
            from dimensions in Gen.Choose(0, 5).Select(d => (long)d).ListOf(3)
            from rank in Gen.Choose(0, 3)
            from seed in Gen.Choose(0, int.MaxValue)
            select Stored.Make(name, type, [.. dimensions.Take(rank)], seed);
        return
            from tensors in tensor.ListOf()
            from keys in text.ListOf()
            from values in text.ListOf()
            from any in Gen.Elements(true, false)
            select new Content(
                [.. tensors.Where(t => t.Name != "__metadata__").DistinctBy(t => t.Name)],
                any ? keys.Distinct().Zip(values).ToDictionary(p => p.First, p => p.Second) : null);
    }

    private sealed record Content(IReadOnlyList<Stored> Tensors, Dictionary<string, string>? Metadata);

    private sealed record Stored(string Name, ElementType Type, long[] Dimensions, byte[] Bytes)
    {
        public static Stored Make(string name, ElementType type, long[] dimensions, int seed)
        {
            byte[] bytes = new byte[dimensions.Aggregate(1L, (a, b) => a * b) * ElementTypes.SizeOf(type)];
            new Random(seed).NextBytes(bytes);
            return new Stored(name, type, dimensions, bytes);
        }
    }
}
