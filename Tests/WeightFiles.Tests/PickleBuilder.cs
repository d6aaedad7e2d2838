using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MLClassify.WeightFiles.Tests;

/// <summary>Writes pickles opcode by opcode, right or wrong.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [];

    public PickleBuilder Op(params byte[] codes)
    {
        _bytes.AddRange(codes);
        return this;
    }

    public PickleBuilder Op(char code, int count = 1)
    {
        _bytes.AddRange(Enumerable.Repeat((byte)code, count));
        return this;
    }

    public PickleBuilder Raw(string latin1)
    {
        _bytes.AddRange(Encoding.Latin1.GetBytes(latin1));
        return this;
    }

    public PickleBuilder Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Op('X').Op(length).Op(utf8);
    }

    public PickleBuilder Long(long value) => Op(0x8A, 8).Op(BitConverter.GetBytes(value));

    public PickleBuilder Longs(params long[] values)
    {
        Op('(');
        foreach (long value in values)
        {
            Long(value);
        }

        return Op('t');
    }

    public PickleBuilder Global(string module, string name) => Raw($"c{module}\n{name}\n");

    /// <summary>A storage of a number of values, on the stack.</summary>
    public PickleBuilder Storage(string type, string key, long count) =>
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Long(count).Op('t').Op('Q');

    /// <summary>A tensor, on the stack.</summary>
    public PickleBuilder Tensor(string key, long count, long offset, long[] dimensions, long[] strides, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(type, key, count).Long(offset).Longs(dimensions).Longs(strides).Op(0x89).Op('N').Raw("tR");

    /// <summary>A dictionary with one tensor, as a whole pickle.</summary>
    public static byte[] OneTensor(long count, long offset, long[] dimensions, long[] strides) =>
        new PickleBuilder().Op('}').Text("w").Tensor("0", count, offset, dimensions, strides).Raw("s.").ToArray();

    public byte[] ToArray() => [.. _bytes];

    /// <summary>A zip of PyTorch's with this pickle.</summary>
    public byte[] ToZip(CompressionLevel level = CompressionLevel.NoCompression, params (string Key, byte[] Bytes)[] storages) =>
        ToZip(ToArray(), level, storages);

    public static byte[] ToZip(byte[] pickle, CompressionLevel level = CompressionLevel.NoCompression, params (string Key, byte[] Bytes)[] storages) =>
        TestFiles.Zip(level, [("a/data.pkl", pickle), .. storages.Select(s => ("a/data/" + s.Key, s.Bytes))]);

    /// <summary>An <c>.npy</c> file of objects with this pickle.</summary>
    public byte[] ToNumpy() => Npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }", ToArray());

    /// <summary>An <c>.npy</c> file of version 1.0.</summary>
    public static byte[] Npy(string header, byte[] content)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. content];
    }
}
