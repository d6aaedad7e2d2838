using System.Buffers.Binary;
using System.IO.Compression;

namespace MLClassify.Datasets.Tests.Raw;

/// <summary>Small files in the formats that datasets are published in.</summary>
internal static class RawSamples
{
    public const int PixelBytes = 3072;

    /// <summary>A record for each label, whose red is its number, green 100 and blue 200.</summary>
    public static byte[] CifarBinary(params byte[] labels)
    {
        byte[] bytes = new byte[labels.Length * (1 + PixelBytes)];
        for (int i = 0; i < labels.Length; i++)
        {
            Span<byte> record = bytes.AsSpan(i * (1 + PixelBytes), 1 + PixelBytes);
            record[0] = labels[i];
            record[1..1025].Fill((byte)i);
            record[1025..2049].Fill(100);
            record[2049..].Fill(200);
        }

        return bytes;
    }

    public static byte[] Idx(int[] dimensions, byte[] values, byte type = 0x08)
    {
        byte[] head = new byte[4 + (4 * dimensions.Length)];
        head[2] = type;
        head[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        return [.. head, .. values];
    }

    /// <summary>Gray images of 2 x 3 pixels, one a label, each of its number.</summary>
    public static (byte[] Images, byte[] Labels) Digits(params byte[] labels) => (
        Idx([labels.Length, 3, 2], [.. labels.SelectMany((_, i) => Enumerable.Repeat((byte)i, 6))]),
        Idx([labels.Length], labels));

    public static byte[] Gzip(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }

    /// <summary>
    /// A batch of CIFAR's Python version with labels 3 and 9: what comes before and after the 6,144 bytes of pixels as Python 3 with numpy
    /// 1.24 writes it (protocols 3, 4 and 5), and for protocol 2 as Python 2's cPickle did.
    /// </summary>
    public static byte[] CifarPython(int protocol)
    {
        (byte[] before, byte[] after) = protocol switch
        {
            2 => Python2(),
            3 => (Convert.FromBase64String(
                "gAN9cQAoQwtiYXRjaF9sYWJlbHEBQwR0aW55cQJDBmxhYmVsc3EDXXEEKEsDSwllQwRkYXRhcQVjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxBmNudW1weQpuZGFycmF5CnEHSwCFcQhDAWJxCYdxClJxCyhLAUsCTQAMhnEMY251bXB5CmR0eXBlCnENWAIAAAB1MXEOiYiHcQ9ScRAoSwNYAQAAAHxxEU5OTkr/////Sv////9LAHRxEmKJQgAYAAA="),
                Convert.FromBase64String("cRN0cRRiQwlmaWxlbmFtZXNxFV1xFihDBWEucG5ncRdDBWIucG5ncRhldS4=")),
            4 => (Convert.FromBase64String(
                "gASV3xgAAAAAAAB9lChDC2JhdGNoX2xhYmVslEMEdGlueZRDBmxhYmVsc5RdlChLA0sJZUMEZGF0YZSMFW51bXB5LmNvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlFKUKEsBSwJNAAyGlGgJjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYolCABgAAA=="),
                Convert.FromBase64String("lHSUYkMJZmlsZW5hbWVzlF2UKEMFYS5wbmeUQwViLnBuZ5RldS4=")),
            _ => (Convert.FromBase64String(
                "gAWVxxgAAAAAAAB9lChDC2JhdGNoX2xhYmVslEMEdGlueZRDBmxhYmVsc5RdlChLA0sJZUMEZGF0YZSMEm51bXB5LmNvcmUubnVtZXJpY5SMC19mcm9tYnVmZmVylJOUKJYAGAAAAAAAAA=="),
                Convert.FromBase64String(
                    "lIwFbnVtcHmUjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYksCTQAMhpSMAUOUdJRSlEMJZmlsZW5hbWVzlF2UKEMFYS5wbmeUQwViLnBuZ5RldS4=")),
        };
        byte[] pixels = new byte[2 * PixelBytes];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i / 1024);
        }

        return [.. before, .. pixels, .. after];
    }

    private static (byte[] Before, byte[] After) Python2()
    {
        byte[] before =
        [
            0x80, 2, .. "}q\u0001(U\u0006labelsq\u0002]q\u0003(K\u0003K\tU\u000a"u8[..^2], .. "eU\u0004dataq\u0004"u8,
            .. "cnumpy.core.multiarray\n_reconstruct\nq\u0005cnumpy\nndarray\nq\u0006K\0"u8, 0x85, .. "U\u0001b"u8, 0x87, .. "Rq\u0007(K\u0001K\u0002M\0\u000c"u8,
            0x86, .. "cnumpy\ndtype\nq\u0008U\u0002u1K\0K\u0001"u8, 0x87, .. "Rq\u0009(K\u0003U\u0001|NNNJ"u8, 0xff, 0xff, 0xff, 0xff, (byte)'J', 0xff, 0xff, 0xff, 0xff,
            .. "K\0tb"u8, 0x89, (byte)'T', 0x00, 0x18, 0x00, 0x00,
        ];
        return (before, "tbu."u8.ToArray());
    }
}
