using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace MLClassify.WeightFiles.Tests.Torch;

public class TorchReaderTests
{
    private static readonly string[] Types = ["float32", "float64", "float16", "bfloat16", "int8", "int16", "int32", "int64", "uint8"];

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public void Read_TensorsOfPyTorch_AreTheSame(string name)
    {
        using IWeightFile file = TestFiles.Open(Golden(name));
        Assert.Equal(15, file.Entries.Count);
        Assert.All(Types, t => Assert.Equal([0f, 1, 2, 3, 4, 5], TestFiles.Values(file, t)));
        Assert.Equal([0f, 1, 1, 1, 1, 1], TestFiles.Values(file, "bool"));
        Assert.Equal([.. Enumerable.Range(0, 24).Select(i => (float)((i % 4 * 6) + (i / 4)))], TestFiles.Values(file, "transposed"));
        Assert.Equal([13f, 14, 17, 18, 21, 22], TestFiles.Values(file, "slice"));
        Assert.Equal([7.5f], TestFiles.Values(file, "scalar"));
        Assert.Empty(TestFiles.Values(file, "empty"));
        Assert.Equal([4f, 5, 6, 7], TestFiles.Values(file, "parameter"));
        Assert.Equal([6, 4], file.Entries.Single(e => e.Name == "transposed").Dimensions);
    }

    [DataFact]
    public void Read_ReferenceSqueezeNet_IsTheSameInEveryFormat()
    {
        using IWeightFile expected = WeightFile.Open(SharedData.Path("weights", "squeezenet1_1.safetensors"));
        foreach (string name in new[] { "squeezenet1_1.pth", "squeezenet1_1.legacy.pth" })
        {
            using IWeightFile file = WeightFile.Open(SharedData.Path("weights", name));
            Assert.Equal(expected.Entries.Count, file.Entries.Count);
            Assert.All(expected.Entries, e => Assert.Equal(TestFiles.Values(expected, e.Name), TestFiles.Values(file, e.Name)));
        }
    }

    [DataFact]
    public void Open_ReferenceCifarResNet_HasItsTensors()
    {
        using IWeightFile file = WeightFile.Open(SharedData.Path("weights", "cifar_resnet20.th"));
        Assert.Equal([16, 3, 3, 3], file.Entries.Single(e => e.Name == "module.conv1.weight").Dimensions);
        Assert.All(file.Entries, e => Assert.All(TestFiles.Values(file, e.Name), v => Assert.True(float.IsFinite(v))));
    }

    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0lstRtR.", "at byte 0: expected tensors and plain data, found 'os.system'")]
    [InlineData("cposix\nsystem\n.", "posix.system")]
    [InlineData("cbuiltins\neval\n.", "builtins.eval")]
    [InlineData("ios\nsystem\n.", "0x69")]
    [InlineData("h\u0005.", "memo 5")]
    [InlineData("N", "the file ends too early")]
    [InlineData(".", "takes more from its stack")]
    [InlineData("t.", "no mark")]
    [InlineData("N.", "no state dict")]
    [InlineData("X\u00ff\u00ff\u00ff\u007fa.", "a string is too long")]
    [InlineData("T\u00ff\u00ff\u00ff\u007fa.", "the file ends too early")]
    public void Open_HostilePickle_IsRefused(string pickle, string message)
    {
        byte[] zip = Zip(Encoding.Latin1.GetBytes(pickle));
        var error = Assert.Throws<InvalidWeightsException>(() => TestFiles.Open(zip));
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData(1L << 40, 1L, "larger than its storage")]
    [InlineData(2L, -1L, "a tensor's view is impossible")]
    [InlineData(2L, 9L, "larger than its storage")]
    [InlineData(9L, 0L, "larger than its storage")]
    public void Open_ImpossibleView_IsRefused(long dimension, long stride, string message)
    {
        using var pickle = new MemoryStream();
        void Text(string s) => pickle.Write(Encoding.Latin1.GetBytes(s));
        void Long(long n)
        {
            Text("\u008a\u0008");
            pickle.Write(BitConverter.GetBytes(n));
        }

        void Name(string s) => Text($"X{(char)s.Length}\0\0\0{s}");
        Text("}");
        Name("w");
        Text("ctorch._utils\n_rebuild_tensor_v2\n((");
        Name("storage");
        Text("ctorch\nFloatStorage\n");
        Name("0");
        Name("cpu");
        Text("K\u0004tQK\0");
        Long(dimension);
        Text("\u0085");
        Long(stride);
        Text("\u0085\u0089NtRs.");
        byte[] zip = Zip(pickle.ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidWeightsException>(() => TestFiles.Open(zip));
        Assert.Contains(message, error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 21);
    }

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public void Open_CutOrFlipped_IsReadOrRefused(string name)
    {
        byte[] good = Golden(name);
        for (int i = 0; i < 16; i++)
        {
            Assert.True(TestFiles.IsRefused(good[..(good.Length * i / 16)]));
        }

        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= (byte)(1 << (i % 8));
            TestFiles.IsRefused(bad);
        }
    }

    [Fact]
    public void Open_RandomPickle_ThrowsNothingElse() => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => TestFiles.IsRefused(bytes) && TestFiles.IsRefused(Zip(bytes))));

    private static byte[] Golden(string name) => TestFiles.Golden("torch", name);

    private static byte[] Zip(byte[] pickle) => TestFiles.Zip(CompressionLevel.NoCompression, ("a/data.pkl", pickle));
}
