using System.IO.Compression;

namespace MLClassify.WeightFiles.Tests;

/// <summary>Golden weight files, and what a test does with right and wrong ones.</summary>
internal static class TestFiles
{
    // The kind is told by the beginning, the directory is found from the end, and values are read where they lie.
    private const long MostReadings = 4;

    private static readonly GoldenFolder Folder = new("WeightFiles.Tests/Golden");

    public static byte[] Golden(string folder, string name) => Folder.Bytes($"{folder}/{name}");

    public static IWeightFile Open(byte[] file, string name = "test.pth") => WeightFile.Open(new MemoryStream(file), name);

    public static float[] Values(IWeightSource file, string name)
    {
        float[] values = new float[file.Entries.Single(e => e.Name == name).Count];
        file.Read(name, values);
        return values;
    }

    /// <summary>Reads everything that a file has.</summary>
    /// <returns>Whether it was refused; any other exception is the test's failure.</returns>
    public static bool IsRefused(byte[] bytes)
    {
        try
        {
            ReadAll(new MemoryStream(bytes));
            return false;
        }
        catch (InvalidWeightsException)
        {
            return true;
        }
    }

    /// <summary>A file must be refused with a message, without taking memory beyond a bound or reading over and over.</summary>
    public static void AssertRefused(byte[] bytes, string message, long mostBytes = 1 << 21)
    {
        using var stream = new CountingStream(bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidWeightsException>(() => ReadAll(stream));
        Assert.InRange(stream.BytesRead, 0, (MostReadings * bytes.Length) + (1 << 16));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, mostBytes);
        Assert.Contains(message, error.Message);
        Assert.StartsWith("test.pth: ", error.Message);
        Assert.InRange(error.Message.Length, 1, 1200);
    }

    /// <summary>Cuts a file at every byte and flips bits of every byte; cuts must be refused, flips read or refused.</summary>
    public static void AssertSurvivesMutation(byte[] good)
    {
        for (int i = 0; i < good.Length; i++)
        {
            Assert.True(IsRefused(good[..i]), $"cut at {i}");
            byte[] bad = [.. good];
            bad[i] ^= (byte)(1 << (i % 8));
            IsRefused(bad);
            bad[i] = (byte)(i % 2 == 0 ? 0xFF : 0);
            IsRefused(bad);
        }
    }

    public static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream data = zip.CreateEntry(name, level).Open();
                data.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static void ReadAll(Stream stream)
    {
        using IWeightFile file = WeightFile.Open(stream, "test.pth");
        foreach (WeightEntry entry in file.Entries)
        {
            Values(file, entry.Name);
        }
    }
}
