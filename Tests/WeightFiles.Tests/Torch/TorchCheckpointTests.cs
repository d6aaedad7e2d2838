using System.IO.Compression;

namespace MLClassify.WeightFiles.Tests.Torch;

/// <summary>What <c>Golden/torch/make_torch.py</c> made beside the plain files, and checkpoints of other shapes.</summary>
public class TorchCheckpointTests
{
    private static readonly string[] Names =
        ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked"];

    [Theory]
    [InlineData("protocol3.pth")]
    [InlineData("protocol4.pth")]
    [InlineData("protocol5.pth")]
    [InlineData("python2.pth")]
    [InlineData("python2_zip.pth")]
    [InlineData("checkpoint.pth")]
    public void Read_ModuleInAnyProtocol_HasItsTensors(string name)
    {
        using IWeightFile file = TestFiles.Open(TestFiles.Golden("torch", name));
        Assert.Equal(Names, file.Entries.Select(e => e.Name));
        Assert.Equal([0f, 1, 2, 3, 4, 5, 6, 7], TestFiles.Values(file, "conv.weight"));
        Assert.Equal([-1f, 0.5f], TestFiles.Values(file, "conv.bias"));
        Assert.Equal([2, 1, 2, 2], file.Entries[0].Dimensions);
        Assert.Equal(ElementType.I64, file.Entries[^1].Type);
    }

    [Fact]
    public void Read_BigEndianZip_IsTheSame()
    {
        using IWeightFile little = TestFiles.Open(TestFiles.Golden("torch", "zip.pth"));
        using IWeightFile big = TestFiles.Open(TestFiles.Golden("torch", "big.pth"));
        Assert.Equal(little.Entries.Select(e => e.Name), big.Entries.Select(e => e.Name));
        Assert.All(little.Entries, e => Assert.Equal(TestFiles.Values(little, e.Name), TestFiles.Values(big, e.Name)));
    }

    [Theory]
    [InlineData("module.pth", "a whole module or other objects instead of a state dict; nothing of it was run; in Python: torch.save(model.state_dict(), PATH)")]
    [InlineData("script.pth", "this is a TorchScript archive, a program; in Python: torch.save(torch.jit.load(PATH).state_dict(), NEW_PATH)")]
    [InlineData("quantized.pth", "quantized tensors are not supported")]
    [InlineData("sparse.pth", "sparse tensors are not supported; in Python: tensor.to_dense()")]
    [InlineData("complex.pth", "complex numbers are not supported")]
    public void Open_WhatIsNoStateDict_SaysWhatToDo(string name, string message) =>
        TestFiles.AssertRefused(TestFiles.Golden("torch", name), message);

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("net")]
    [InlineData("model_state_dict")]
    [InlineData("model_ema")]
    [InlineData("ema")]
    [InlineData("network")]
    public void Open_AnyWrapper_IsSeenThrough(string wrapper)
    {
        var pickle = new PickleBuilder().Op('}').Text(wrapper).Op('}').Text("w").Tensor("0", 2, 0, [2], [1]).Raw("ss");
        pickle.Text("epoch").Long(3).Raw("s.");
        using IWeightFile file = TestFiles.Open(pickle.ToZip(storages: ("0", Bytes(1, 2))));
        Assert.Equal("w", Assert.Single(file.Entries).Name);
        Assert.Equal([1f, 2], TestFiles.Values(file, "w"));
    }

    [Fact]
    public void Open_PlainBesideAveraged_TakesThePlain()
    {
        var pickle = new PickleBuilder().Op('}');
        pickle.Text("model_ema").Op('}').Text("module.w").Tensor("0", 2, 0, [1], [1]).Raw("ss");
        pickle.Text("model").Op('}').Text("module.w").Tensor("0", 2, 1, [1], [1]).Raw("ss.");
        using IWeightFile file = TestFiles.Open(pickle.ToZip(storages: ("0", Bytes(1, 2))));
        Assert.Equal([2f], TestFiles.Values(file, "module.w"));
    }

    [Fact]
    public void Open_WrapperWithoutTensors_LooksFurther()
    {
        var pickle = new PickleBuilder().Op('}').Text("model").Op('}').Text("name").Text("resnet18").Raw("ss");
        pickle.Text("weights").Op('}').Text("w").Tensor("0", 1, 0, [1], [1]).Raw("ss.");
        using IWeightFile file = TestFiles.Open(pickle.ToZip(storages: ("0", Bytes(3))));
        Assert.Equal([3f], TestFiles.Values(file, "w"));
    }

    [Fact]
    public void Read_OldAndNewWaysToRebuild_AreTensors()
    {
        var pickle = new PickleBuilder().Op('}');
        pickle.Text("old").Global("torch._utils", "_rebuild_tensor").Op('(').Storage("FloatStorage", "0", 4).Long(1).Longs(2).Longs(1).Raw("tRs");
        pickle.Text("state").Global("torch._utils", "_rebuild_parameter_with_state").Op('(').Tensor("0", 4, 2, [1], [1]).Op(0x88).Raw("}}tRs");
        pickle.Text("typed").Global("torch._tensor", "_rebuild_from_type_v2").Op('(').Global("torch._utils", "_rebuild_tensor_v2")
            .Global("torch.nn.parameter", "Parameter").Op('(').Storage("FloatStorage", "0", 4).Long(3).Longs(1).Longs(1).Op(0x89).Raw("Nt}tRs");
        pickle.Text("untyped").Global("torch._utils", "_rebuild_tensor_v3").Op('(').Op('(').Text("storage").Global("torch.storage", "UntypedStorage")
            .Text("1").Text("cpu").Long(8).Raw("tQ").Long(1).Longs(3).Longs(1).Op(0x89).Op('N').Global("torch", "uint16").Raw("tRs.");
        byte[] halves = [0, 0, 1, 0, 2, 0, 0xFF, 0xFF];
        using IWeightFile file = TestFiles.Open(pickle.ToZip(storages: [("0", Bytes(1, 2, 3, 4)), ("1", halves)]));
        Assert.Equal([2f, 3], TestFiles.Values(file, "old"));
        Assert.Equal([3f], TestFiles.Values(file, "state"));
        Assert.Equal([4f], TestFiles.Values(file, "typed"));
        Assert.Equal([1f, 2, 65535], TestFiles.Values(file, "untyped"));
    }

    [Fact]
    public void Read_DeflatedZip_IsTheSame()
    {
        using IWeightFile stored = TestFiles.Open(TestFiles.Golden("torch", "zip.pth"));
        using var archive = new ZipArchive(new MemoryStream(TestFiles.Golden("torch", "zip.pth")));
        using IWeightFile deflated = TestFiles.Open(TestFiles.Zip(CompressionLevel.SmallestSize, [.. archive.Entries.Select(e => (e.FullName, Content(e)))]));
        Assert.All(stored.Entries, e => Assert.Equal(TestFiles.Values(stored, e.Name), TestFiles.Values(deflated, e.Name)));
    }

    [Fact]
    public void Read_AnyStrides_AreAsTheNaiveLoop()
    {
        var random = new Random(11);
        byte[] storage = Bytes([.. Enumerable.Range(0, 500).Select(i => (float)i)]);
        for (int round = 0; round < 200; round++)
        {
            long[] dimensions = [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => (long)random.Next(1, 5))];
            long[] strides = [.. dimensions.Select(_ => (long)random.Next(0, 30))];
            int offset = random.Next(0, 50);
            long last = offset + dimensions.Zip(strides, (d, s) => (d - 1) * s).Sum();
            using IWeightFile file = TestFiles.Open(PickleBuilder.ToZip(PickleBuilder.OneTensor(500, offset, dimensions, strides), storages: ("0", storage)));
            Assert.True(last < 500);
            Assert.Equal(Naive(dimensions, strides, offset), TestFiles.Values(file, "w"));
        }
    }

    private static float[] Naive(long[] dimensions, long[] strides, long offset)
    {
        IEnumerable<long> places = [offset];
        for (int d = 0; d < dimensions.Length; d++)
        {
            int axis = d;
            places = [.. places.SelectMany(p => Enumerable.Range(0, (int)dimensions[axis]).Select(i => p + (i * strides[axis])))];
        }

        return [.. places.Select(p => (float)p)];
    }

    private static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
