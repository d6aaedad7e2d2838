namespace MLClassify.Imaging.Tests;

/// <summary>Decodes damaged files: an image or one of the two documented errors, nothing else.</summary>
internal static class Hostile
{
    /// <summary>Small enough that a mutated size cannot make the tests slow.</summary>
    public static DecodeOptions Limits { get; } = new() { MaxPixels = 1 << 20 };

    public static bool DecodeOrRefuse(ReadOnlySpan<byte> encoded)
    {
        try
        {
            Image image = Image.Decode(encoded, Limits);
            Assert.InRange((long)image.Width * image.Height, 1, Limits.MaxPixels);
            return true;
        }
        catch (InvalidImageException e)
        {
            AssertOneLine(e.Message);
            return false;
        }
        catch (UnsupportedImageException e)
        {
            AssertOneLine(e.Message);
            return false;
        }
    }

    /// <summary>Asserts that a file is refused before memory is spent on its claims.</summary>
    public static string RefusedCheaply<TError>(byte[] encoded)
        where TError : Exception
    {
        Assert.Throws<TError>(() => Image.Decode(encoded)); // Warms up: the first call allocates for types and tables.
        long before = GC.GetAllocatedBytesForCurrentThread();
        TError error = Assert.Throws<TError>(() => Image.Decode(encoded));
        long spent = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(spent < 1_000_000, $"spent {spent} bytes on {encoded.Length}");
        return error.Message;
    }

    private static void AssertOneLine(string message) => Assert.True(message.Length is > 10 and < 300 && !message.Contains('\n'), message);
}
