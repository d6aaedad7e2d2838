using System.IO.Compression;

namespace MLClassify.WeightFiles.Tests.Torch;

/// <summary>PyTorch files made to harm: each is refused with one message, in little time and memory.</summary>
public class TorchHostileTests
{
    /// <summary>Programs in a pickle's clothes.</summary>
    public static TheoryData<string, string> Payloads { get; } = new()
    {
        { "cos\nsystem\n(X\u0002\0\0\0lstR.", "found 'os.system'" },
        { "cposix\nsystem\n(X\u0002\0\0\0lstR.", "found 'posix.system'" },
        { "cnt\nsystem\n.", "found 'nt.system'" },
        { "cbuiltins\neval\n(X\u0001\0\0\01tR.", "found 'builtins.eval'" },
        { "cbuiltins\nexec\n.", "found 'builtins.exec'" },
        { "c__builtin__\ngetattr\n.", "found '__builtin__.getattr'" },
        { "csubprocess\nPopen\n.", "found 'subprocess.Popen'" },
        { "ctorch\nload\n.", "found 'torch.load'" },
        { "ctorch.hub\nload\n.", "found 'torch.hub.load'" },
        { "cnumpy.core.multiarray\nfromfile\n.", "found 'numpy.core.multiarray.fromfile'" },
        { "cnumpy\nload\n.", "found 'numpy.load'" },
        { "c_codecs\ndecode\n.", "found '_codecs.decode'" },
        { "c_codecs\nencode\n(X\u0001\0\0\0aX\u0004\0\0\0zliptR.", "arguments that it does not take" },
        { "\u008c\u0002os\u008c\u0006system\u0093.", "found 'os.system'" },
        { "\u008c\u000fcollections.sys\u008c\u0007modules\u0093.", "found 'collections.sys.modules'" },
        { "K\u0001K\u0002\u0093.", "found '.'" },
        { "NN\u0093.", "found '.'" },
        { "\u008c\u0000\u008c\u0000\u0093.", "found '.'" },
        { "ccollections\nOrderedDict\n(cos\nsystem\ntR.", "found 'os.system'" },
        { "ccollections\nOrderedDict\n(K\u0001tR.", "arguments that it does not take" },
        { "X\u0003\0\0\0sys)R.", "calls something that is no name" },
        { "ctorch\nFloatStorage\nK\u0001R.", "calls something that is no name" },
        { "ctorch\nFloatStorage\n)R.", "arguments that it does not take" },
        { "(cos\nsystem\no.", "found 'os.system'" },
        { "(ccollections\nOrderedDict\no.", "0x6F" },
        { "ccollections\nOrderedDict\n)\u0081cos\nsystem\n.", "found 'os.system'" },
        { "ccollections\nOrderedDict\n)}\u0092.", "0x92" },
        { "(ios\nsystem\n.", "0x69" },
        { "Pevil\n.", "0x50" },
        { "X\u0004\0\0\0evilQ.", "declared in a way that is not known" },
        { "NQ.", "declared in a way that is not known" },
        { "(X\u0006\0\0\0moduleNNNtQ.", "declared in a way that is not known" },
        { "]}b.", "a state to something else" },
        { "\u0082\u0001.", "0x82" },
        { "\u0097.", "0x97" },
        { "I01\n.", "0x49" },
        { "S'os'\n.", "0x53" },
        { "\u0080\u0006.", "protocol is not known" },
        { "\u008b\u00ff\u00ff\u00ff\u007f.", "a number is too long" },
        { "\u008b\u00ff\u00ff\u00ff\u00ff.", "a number is too long" },
        { "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.", "a string is too long" },
        { "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "the file ends too early" },
        { "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.", "the file ends too early" },
        { "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "the file ends too early" },
        { "\u0096\0\0\0\0\0\0\0\u0080.", "the file ends too early" },
        { "B\u00ff\u00ff\u00ff\u00ff.", "the file ends too early" },
        { "]r\u00ff\u00ff\u00ff\u007f.", "a number out of order" },
        { "]r\u00ff\u00ff\u00ff\u00ff.", "a number out of order" },
        { "]j\u00ff\u00ff\u00ff\u00ff.", "memo 4294967295" },
        { "]q\u0002h\u0001.", "memo 1" },
        { "(0.", "takes more from its stack" },
        { "]K\u0001s.", "takes more from its stack" },
        { "}(K\u0001u.", "keys without values" },
        { "K\u0001K\u0002a.", "appends to something else" },
        { "](K\u0001\u0090.", "something else than a set" },
    };

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Open_Payload_IsRefused(string pickle, string message) =>
        TestFiles.AssertRefused(new PickleBuilder().Raw(pickle).ToZip(), message);

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Open_PayloadInTheOlderFormat_IsRefused(string pickle, string message)
    {
        byte[] start = TestFiles.Golden("torch", "legacy.pth")[..0x15];
        TestFiles.AssertRefused([.. start, .. new PickleBuilder().Raw("}.").Raw(pickle).ToArray()], message);
    }

    [Theory]
    [InlineData(4, 0, new[] { 1L << 40, 1L << 40 }, new[] { 1L, 1L }, "shape is too large")]
    [InlineData(4, 0, new[] { 1L << 40, 0L, 1L << 40 }, new[] { 1L, 1L, 1L }, "shape is too large")]
    [InlineData(4, 0, new[] { 1L << 40 }, new[] { 0L }, "larger than its storage")]
    [InlineData(4, 0, new[] { 2L, 2L }, new[] { long.MaxValue, long.MaxValue }, "larger than its storage")]
    [InlineData(4, long.MaxValue, new[] { 1L }, new[] { 1L }, "larger than its storage")]
    [InlineData(4, 5, new[] { 0L }, new[] { 1L }, "larger than its storage")]
    [InlineData(4, -1, new[] { 1L }, new[] { 1L }, "view is impossible")]
    [InlineData(4, 0, new[] { -1L }, new[] { 1L }, "view is impossible")]
    [InlineData(4, 3, new[] { 2L }, new[] { -1L }, "view is impossible")]
    [InlineData(4, 0, new[] { 2L, 2L }, new[] { 1L }, "view is impossible")]
    [InlineData(1L << 60, 0, new[] { 1L }, new[] { 1L }, "declared in a way that is not known")]
    [InlineData(-1, 0, new[] { 1L }, new[] { 1L }, "declared in a way that is not known")]
    [InlineData(1L << 40, 0, new[] { 1L << 39 }, new[] { 1L }, "absent or has a wrong length")]
    [InlineData(5, 0, new[] { 1L }, new[] { 1L }, "absent or has a wrong length")]
    public void Open_LyingView_IsRefused(long count, long offset, long[] dimensions, long[] strides, string message)
    {
        byte[] pickle = PickleBuilder.OneTensor(count, offset, dimensions, strides);
        TestFiles.AssertRefused(PickleBuilder.ToZip(pickle, storages: ("0", new byte[16])), message);
    }

    [Fact]
    public void Open_StorageDeclaredTwiceDifferently_IsRefused()
    {
        var pickle = new PickleBuilder().Op('}').Text("a").Tensor("0", 4, 0, [1], [1]).Op('s');
        pickle.Text("b").Tensor("0", 2, 0, [1], [1], "DoubleStorage").Raw("s.");
        TestFiles.AssertRefused(pickle.ToZip(storages: ("0", new byte[16])), "declared twice and differently");
    }

    [Fact]
    public void Open_BillionLaughs_IsRefusedAtOnce()
    {
        var pickle = new PickleBuilder().Raw("](K\u0001K\u0002eq\u0000");
        for (int i = 0; i < 100; i++)
        {
            pickle.Op('(').Raw($"h{(char)i}h{(char)i}h{(char)i}h{(char)i}h{(char)i}h{(char)i}h{(char)i}h{(char)i}t").Raw($"q{(char)(i + 1)}");
        }

        TestFiles.AssertRefused(pickle.Op('.').ToZip(), "holds no state dict");
    }

    [Fact]
    public void Open_DictionaryInsideItself_IsRefusedAtOnce()
    {
        var pickle = new PickleBuilder().Raw("}q\u0000");
        foreach (string name in new[] { "model", "state_dict", "net", "ema", "module", "weights" })
        {
            pickle.Text(name).Raw("h\u0000s");
        }

        TestFiles.AssertRefused(pickle.Op('.').ToZip(), "holds no state dict");
    }

    [Theory]
    [InlineData('}')]
    [InlineData(']')]
    [InlineData('(')]
    [InlineData(')')]
    [InlineData('N')]
    public void Open_MillionsOfOpcodesInAFewBytes_TakeNoMemory(char code)
    {
        byte[] zip = new PickleBuilder().Op(code, 32 << 20).Op('.').ToZip(CompressionLevel.SmallestSize);
        Assert.InRange(zip.Length, 0, 1 << 16);
        TestFiles.AssertRefused(zip, "claims an impossible length");
    }

    [Theory]
    [InlineData('}')]
    [InlineData(']')]
    public void Open_MillionsOfOpcodes_AreStopped(char code) =>
        TestFiles.AssertRefused(new PickleBuilder().Op(code, 5 << 20).Op('.').ToZip(), "the pickle is too long", 400L << 20);

    [Fact]
    public void Open_DeepNesting_NeedsNoStack() =>
        TestFiles.AssertRefused(new PickleBuilder().Op('(', 500_000).Op('t', 500_000).Op('.').ToZip(), "holds no state dict", 128 << 20);

    [Fact]
    public void Open_ValuesFarApart_AreRefused()
    {
        byte[] pickle = PickleBuilder.OneTensor(8 << 20, 0, [2], [(8 << 20) - 1]);
        byte[] zip = PickleBuilder.ToZip(pickle, CompressionLevel.SmallestSize, ("0", new byte[32 << 20]));
        TestFiles.AssertRefused(zip, "values lie too far apart");
    }

    [Fact]
    public void Open_ManyTensorsInOneDeflatedStorage_AreRefused()
    {
        const int Count = 16 << 20;
        var pickle = new PickleBuilder().Op('}');
        for (int i = 0; i < 100; i++)
        {
            pickle.Text($"w{i}").Tensor("0", Count, Count - 1, [1], [1]).Op('s');
        }

        byte[] zip = pickle.Op('.').ToZip(CompressionLevel.SmallestSize, ("0", new byte[4 * Count]));
        TestFiles.AssertRefused(zip, "save the file without compression");
    }

    [Theory]
    [InlineData("protocol4.pth")]
    [InlineData("python2.pth")]
    [InlineData("checkpoint.pth")]
    public void Open_CutOrFlippedAnywhere_IsReadOrRefused(string name) =>
        TestFiles.AssertSurvivesMutation(TestFiles.Golden("torch", name));
}
