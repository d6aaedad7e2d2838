using System.IO.Compression;

namespace MLClassify.WeightFiles.Tests.Numpy;

/// <summary>NumPy files made to harm, or just damaged.</summary>
public class NumpyHostileTests
{
    private const string Good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    private const string Objects = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";

    /// <summary>Headers before eight bytes of values.</summary>
    public static TheoryData<string, string> Headers { get; } = new()
    {
        { "", "expected '{', found its end" },
        { "[]", "expected '{', found '['" },
        { "__import__('os').system('ls')", "expected '{', found '_'" },
        { "{'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}", "expected a string" },
        { "{'descr': '<f4', 'fortran_order': False}", "once each, found fewer" },
        { "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "expected True or False" },
        { "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "once each, found descr" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}", "once each, found more" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': 2}", "expected '('" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "expected a tuple" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "expected a whole number" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2.0,)}", "expected ')', found '.'" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1e9,)}", "expected ')', found 'e'" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (0x2,)}", "expected ')', found 'x'" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2 2,)}", "expected ')', found '2'" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "expected a whole number from 0 to 2^63 - 1" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x", "expected spaces and the end of the header" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)", "expected '}', found its end" },
        { "{'descr': '<f4, 'fortran_order': False, 'shape': (2,)}", "expected " },
        { @"{'descr': '\x3cf4', 'fortran_order': False, 'shape': (2,)}", "a string without escapes" },
        { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "arrays of structures are not supported" },
        { "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "the array's type is not supported: expected f2, f4" },
        { "{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "found '<f16'" },
        { "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", "not supported" },
        { "{'descr': '|V8', 'fortran_order': False, 'shape': (1,)}", "not supported" },
        { "{'descr': '|S8', 'fortran_order': False, 'shape': (1,)}", "holds no arrays of numbers" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}", "expected 12 bytes, found 8 bytes for [3] of <f4" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "expected 4 bytes, found 8 bytes" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "expected 4 bytes, found 8 bytes" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}", "expected 0 bytes, found 8 bytes" },
        { "{'descr': '<f4', 'fortran_order': True, 'shape': (1099511627776, 1099511627776)}", "expected a smaller shape" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776, 1099511627776, 0)}", "expected a smaller shape" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 2)}", "expected a smaller shape" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,)}", "expected 8796093022208 bytes" },
        { "{'descr': '<f4', 'fortran_order': False, 'shape': (" + string.Concat(Enumerable.Repeat("1,", 65)) + ")}", "at most 64 dimensions" },
        { "{'descr': '" + new string('x', 9000) + "', 'fortran_order': False, 'shape': (2,)}", "not supported" },
        { Good + new string(' ', 10_000), "the array's header is too long at byte 8: expected at most 10000 bytes" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Open_WrongHeader_IsRefused(string header, string message) =>
        TestFiles.AssertRefused(PickleBuilder.Npy(header, new byte[8]), message, 1 << 18);

    [Fact]
    public void Open_OldSpellings_AreRead() => Assert.All(
        (string[])[Good, "{\"shape\":(2L,),\"descr\":\"<f4\",\"fortran_order\":False}\n", "  {'descr': 'f4', 'fortran_order': True, 'shape': (2, 1)}  "],
        header => Assert.False(TestFiles.IsRefused(PickleBuilder.Npy(header, new byte[8]))));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(1, 1)]
    public void Open_UnknownVersion_IsRefused(byte major, byte minor)
    {
        byte[] file = PickleBuilder.Npy(Good, new byte[8]);
        (file[6], file[7]) = (major, minor);
        TestFiles.AssertRefused(file, "this is no NumPy array of a known version");
    }

    [Fact]
    public void Open_HeaderLengthOf2To32_IsRefused()
    {
        byte[] file = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[100]];
        TestFiles.AssertRefused(file, "header is too long");
    }

    [Theory]
    [InlineData("cos\nsystem\n(U\u0002lstR.", "found 'os.system'")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\n(cos\nsystem\n(K\0tU\u0001btR.", "found 'os.system'")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\n(ccollections\nOrderedDict\n(K\0tU\u0001btR.", "arguments that it does not take")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n.", "found 'torch._utils._rebuild_tensor_v2'")]
    [InlineData("U\u0001aQ.", "refers to something outside itself")]
    [InlineData("}.", "is no array of objects")]
    [InlineData("}.x", "bytes follow the pickle")]
    [InlineData("}}b.", "a state to something else than an array")]
    [InlineData("cnumpy\ndtype\n(U\u0002f4K\0K\u0001tR(K\u0003U\u0001<(U\u0001atNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb.", "a type of NumPy's is not plain")]
    public void Open_HostilePickle_IsRefused(string pickle, string message) =>
        TestFiles.AssertRefused(new PickleBuilder().Raw(pickle).ToNumpy(), message);

    [Theory]
    [InlineData("(K\u0002t", 8, null)]
    [InlineData("(K\u0002t", 9, "more or fewer values than its shape says")]
    [InlineData("(K\u0003t", 8, "more or fewer values than its shape says")]
    [InlineData("(\u008a\u0006\0\0\0\0\0\u0001t", 8, "more or fewer values than its shape says")]
    [InlineData("(\u008a\u0006\0\0\0\0\0\u0001\u008a\u0006\0\0\0\0\0\u0001t", 8, "shape is too large")]
    [InlineData("(\u008a\u0001\u00fft", 8, "shape is too large")]
    [InlineData("(U\u0001at", 8, "dimensions are not whole numbers")]
    public void Open_PickledArray_MustHaveItsShapesBytes(string shape, int bytes, string? message)
    {
        byte[] file = Array("cnumpy\ndtype\n(U\u0002f4K\0K\u0001tR", shape, $"U{(char)bytes}{new string('\0', bytes)}");
        if (message is null)
        {
            Assert.False(TestFiles.IsRefused(file));
        }
        else
        {
            TestFiles.AssertRefused(file, message);
        }
    }

    [Fact]
    public void Open_PickledArrayOfObjects_MustHaveItsShapesCount()
    {
        const string Type = "cnumpy\ndtype\n(U\u0002O8K\0K\u0001tR";
        TestFiles.AssertRefused(Array(Type, "(K\u0003t", "](NNe"), "more or fewer values");
        TestFiles.AssertRefused(Array(Type, "(K\u0003t", "N"), "an array of objects has no list of them");
        TestFiles.AssertRefused(Array(Type, "(\u008a\u0006\0\0\0\0\0\u0001t", "]"), "more or fewer values");
    }

    // Lists of lists, each many times in the next: 10^80 paths.
    [Fact]
    public void Open_BillionLaughs_AreStopped()
    {
        var pickle = new PickleBuilder().Raw("]q\u0000");
        for (int i = 0; i < 7; i++)
        {
            pickle.Raw("0](");
            for (int k = 0; k < 1000; k++)
            {
                pickle.Raw($"h{(char)i}");
            }

            pickle.Raw($"eq{(char)(i + 1)}");
        }

        string inner = System.Text.Encoding.Latin1.GetString(pickle.ToArray());
        TestFiles.AssertRefused(Array("cnumpy\ndtype\n(U\u0002O8K\0K\u0001tR", "(K\u0001t", $"]{inner}a"), "nested too deeply, are too many", 64 << 20);
    }

    [Fact]
    public void Open_ListInsideItself_IsStopped() =>
        TestFiles.AssertRefused(Array("cnumpy\ndtype\n(U\u0002O8K\0K\u0001tR", "(t", "]q\u0000h\u0000a"), "nested too deeply");

    [Fact]
    public void Open_TextForBytesThatIsDamaged_IsRefused()
    {
        // 70,000 characters, so that the text stays in the file; one is no byte.
        var pickle = new PickleBuilder().Raw("cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\u0001btR(K\u0001");
        pickle.Raw("(J").Op(BitConverter.GetBytes(70_000)).Raw("tcnumpy\ndtype\n(U\u0002u1K\0K\u0001tR\u0089c_codecs\nencode\n(");
        pickle.Text(new string('a', 69_999) + "\u0100").Text("latin1").Raw("tRtb");
        byte[] inner = pickle.ToArray();
        TestFiles.AssertRefused(
            Array("cnumpy\ndtype\n(U\u0002O8K\0K\u0001tR", "(t", "]" + System.Text.Encoding.Latin1.GetString(inner) + "a"), "text that stands for bytes is damaged");
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Open_ArchiveWhoseSizesLie_IsRefusedBeforeMemoryIsTaken(CompressionLevel level)
    {
        byte[] array = PickleBuilder.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4194304,)}", new byte[(16 << 20) - 4]);
        TestFiles.AssertRefused(TestFiles.Zip(level, ("a.npy", array)), "tensor 'a': the array's size does not fit its shape");
    }

    [Fact]
    public void Open_BombOfObjects_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] zip = TestFiles.Zip(CompressionLevel.SmallestSize, ("a.npy", PickleBuilder.Npy(Objects, new byte[64 << 20])));
        TestFiles.AssertRefused(zip, "claims an impossible length");
    }

    [Fact]
    public void Open_ArchiveWithTheSameArrayTwiceInItsPaths_IsRefused()
    {
        byte[] plain = PickleBuilder.Npy(Good, new byte[8]);
        byte[] nested = Array("cnumpy\ndtype\n(U\u0002O8K\0K\u0001tR", "(t", "]}U\u0001b" + Reconstructed("(K\u0002t", "U\u0008" + new string('\0', 8)) + "sa");
        TestFiles.AssertRefused(TestFiles.Zip(CompressionLevel.NoCompression, ("a.b.npy", plain), ("a.npy", nested)), "tensor 'a.b': the name occurs twice");
    }

    [Theory]
    [InlineData("c.npy")]
    [InlineData("version3.npy")]
    [InlineData("types_deflated.npz")]
    [InlineData("dict_python2.npy")]
    [InlineData("dict5.npy")]
    [InlineData("nested.npz")]
    public void Open_CutOrFlippedAnywhere_IsReadOrRefused(string name) =>
        TestFiles.AssertSurvivesMutation(TestFiles.Golden("numpy", name));

    // An array of objects with one array, or an array of values, as Python 2 pickles it.
    private static byte[] Array(string type, string shape, string data) => new PickleBuilder()
        .Raw(type.Contains("O8", StringComparison.Ordinal)
            ? $"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\u0001btR(K\u0001{shape}{type}\u0089{data}tb."
            : $"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\u0001btR(K\u0001(tcnumpy\ndtype\n(U\u0002O8K\0K\u0001tR\u0089]{Reconstructed(shape, data)}atb.")
        .ToNumpy();

    private static string Reconstructed(string shape, string data) =>
        $"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tU\u0001btR(K\u0001{shape}cnumpy\ndtype\n(U\u0002f4K\0K\u0001tR\u0089{data}tb";
}
